import { onDemand } from "../on-demand.ts";

/** Milliseconds after a start in which clients list tools. A call that comes earlier loads what it needs itself. */
const LISTING_MS = 1_000;

/**
 * Loads what calls need once nobody waits for the start any more: else the first call would wait for it. Keeps no process alive.
 */
export function loadForCallsSoon(): void {
  setTimeout(() => {
    // What cannot be loaded fails the call that needs it.
    import("./ask-api.ts")
      .then(onDemand.ajv)
      .then(onDemand.ajvFormats)
      .catch(() => undefined);
  }, LISTING_MS).unref();
}
