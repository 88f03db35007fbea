import { fork } from "node:child_process";
import { once } from "node:events";

import type { RateRule } from "../../../../src/rate/rate-limiter.ts";

export interface Order {
  readonly url: string;
  readonly rule: RateRule;
  readonly takes: number;
  /** Takes under way at the same time. */
  readonly concurrency: number;
  /** How far this replica's `Date` is off. */
  readonly skewMs?: number;
  /** A file that grows by one byte for each take that passed. */
  readonly log?: string;
}

export interface Report {
  readonly allowed: number;
  readonly refused: number;
  readonly degraded: number;
  /** What this replica thinks the time is. */
  readonly now: number;
}

export interface Replica {
  /** Starts taking; resolves with the report, or with `undefined` when it was killed. */
  run(): Promise<Report | undefined>;
  /** SIGKILL */
  kill(): void;
}

const SCRIPT = new URL("./replica.ts", import.meta.url);

/** Starts a replica that is connected to its store and waits to be run. */
export async function startReplica(order: Order): Promise<Replica> {
  const child = fork(SCRIPT, [JSON.stringify(order)]);
  const exit = once(child, "exit").then(([code, signal]) => {
    if (signal === "SIGKILL") return undefined;
    throw new Error(`the replica ended with ${String(code ?? signal)}`);
  });
  exit.catch(() => undefined);
  await Promise.race([once(child, "message"), exit]);
  return {
    async run() {
      const report = once(child, "message").then(([message]) => message as Report);
      child.send("go");
      return await Promise.race([report, exit]);
    },
    kill: () => void child.kill("SIGKILL"),
  };
}

/** Starts all, then lets them run at once. */
export async function runReplicas(orders: readonly Order[]): Promise<readonly (Report | undefined)[]> {
  const replicas = await Promise.all(orders.map(startReplica));
  return await Promise.all(replicas.map((replica) => replica.run()));
}
