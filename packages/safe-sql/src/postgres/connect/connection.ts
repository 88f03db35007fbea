import type { Client, Submittable } from "pg";
import { SqlError } from "../../errors.ts";
import { Batch, type Step } from "../wire/batch.ts";
import { sendCancel } from "./cancel.ts";
import { connectClient, type WireClient } from "./client.ts";
import { PREPARED, prepare, UNSAFE_STATES } from "./prepared.ts";
import { createReuse } from "./reuse.ts";
import type { Target } from "./target.ts";

/** How long a batch may run, and who may stop it. */
export interface Bounds {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  /** Bytes the server may send for it; beyond, the connection is dropped: a message of 1 GB would otherwise be held whole. */
  readonly maxReceived?: number;
}

/** One connection, used by one statement at a time. */
export interface Connection {
  /** Of the server, such as 180004. */
  readonly serverVersion: number;
  /** By the clock of `performance.now`. */
  readonly openedAt: number;
  /**
   * Runs a batch. Where it is stopped, the server is told to stop, too, and what runs next waits for it.
   *
   * @throws what the server or the connection said, or `timeout`, `cancelled`, `too_large`
   */
  run(steps: readonly Step[], bounds: Bounds): Promise<void>;
  /** Asks the server to stop what runs; the batch then fails. */
  cancel(): Promise<void>;
  isBroken(): boolean;
  destroy(): void;
}

/** Milliseconds from the order to stop until the answer no longer waits for it: a caller is answered within 50 of its deadline. */
const STOP_GRACE_MS = 40;
/** Milliseconds the server may take to accept an order to stop. */
const CANCEL_WAIT_MS = 1000;
const DEFAULT_MAX_RECEIVED = 64 * 1024 * 1024;

/** @throws what the server or the network said */
export async function openConnection(target: Target, connectTimeoutMs: number): Promise<Connection> {
  const client = await connectClient(target, connectTimeoutMs);
  const { stream } = client.connection;
  const reuse = createReuse();
  let isBroken = false;
  let [received, maxReceived] = [0, DEFAULT_MAX_RECEIVED];
  const destroy = (reason?: Error): void => {
    isBroken = true;
    stream.destroy(reason);
  };
  client.on("error", () => destroy());
  client.on("end", () => destroy());
  stream.on("data", (chunk: Buffer) => {
    received += chunk.length;
    if (received > maxReceived && !isBroken)
      destroy(new SqlError("too_large", { hint: "ask for fewer or smaller values" }));
  });
  let told: Promise<void> = Promise.resolve();
  const cancel = (): Promise<void> => {
    told = sendCancel(target, client.processID, client.secretKey, CANCEL_WAIT_MS);
    return told;
  };

  async function run(steps: readonly Step[], bounds: Bounds): Promise<void> {
    // An order to stop that arrives late would stop the next statement of this connection.
    await told;
    [received, maxReceived] = [0, bounds.maxReceived ?? DEFAULT_MAX_RECEIVED];
    const batch = new Batch(steps.map(reuse.named), reuse.forgotten());
    try {
      await runBatch({ client, cancel }, batch, bounds);
    } catch (error) {
      reuse.forget(steps);
      const { statement } = steps[batch.at] ?? { statement: { prepared: "" } };
      const isGuard = "prepared" in statement && statement.prepared === PREPARED.pin;
      if (isGuard && UNSAFE_STATES.includes(String((error as { code?: unknown }).code)))
        throw new SqlError("unsafe_role", { cause: error });
      throw error;
    }
  }

  try {
    const serverVersion = await prepare(run, connectTimeoutMs);
    return { serverVersion, openedAt: performance.now(), run, cancel, isBroken: () => isBroken, destroy };
  } catch (error) {
    destroy();
    throw error;
  }
}

interface Running {
  readonly client: Client & WireClient;
  cancel(): Promise<void>;
}

async function runBatch({ client, cancel }: Running, batch: Batch, { timeoutMs, signal }: Bounds): Promise<void> {
  if (signal?.aborted === true) throw new SqlError("cancelled");
  const givenUp = Promise.withResolvers<never>();
  let stopped: "timeout" | "cancelled" | undefined;
  let grace: NodeJS.Timeout | undefined;
  const stop = (reason: "timeout" | "cancelled"): void => {
    if (stopped !== undefined) return;
    stopped = reason;
    void cancel();
    grace = setTimeout(() => givenUp.reject(new SqlError(reason)), STOP_GRACE_MS);
  };
  const onAbort = (): void => stop("cancelled");
  const timer = setTimeout(() => stop("timeout"), timeoutMs);
  signal?.addEventListener("abort", onAbort, { once: true });
  try {
    client.query(batch as unknown as Submittable);
    await Promise.race([batch.done, givenUp.promise]);
  } catch (error) {
    if (stopped !== undefined) throw new SqlError(stopped, { cause: error });
    throw error;
  } finally {
    clearTimeout(timer);
    clearTimeout(grace);
    signal?.removeEventListener("abort", onAbort);
    // Where it was given up, it ends later, and nobody listens then.
    batch.done.catch(() => {});
    givenUp.promise.catch(() => {});
  }
}
