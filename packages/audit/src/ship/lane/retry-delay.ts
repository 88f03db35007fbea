import { shipDefaults } from "../ship-defaults.ts";

/** Milliseconds before the next attempt: doubled each time, less a random half, so that many servers do not come back at once. */
export function retryDelay(failures: number): number {
  const full = Math.min(shipDefaults.lastRetryMs, shipDefaults.firstRetryMs * 2 ** Math.min(failures - 1, 16));
  return full * (1 - Math.random() / 2);
}
