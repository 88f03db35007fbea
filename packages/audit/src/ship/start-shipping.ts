import { Worker } from "node:worker_threads";
import { AuditError } from "../errors.ts";
import type { ShippingOptions } from "./options/options.ts";
import { planShipping } from "./options/plan.ts";
import { shipDefaults } from "./ship-defaults.ts";
import type { TargetStatus } from "./status.ts";
import type { CloseMessage, WorkerMessage } from "./worker/messages.ts";

/** Records and checkpoints on their way off the machine. */
export interface Shipping {
  /** One entry for each log and target, as of its last acknowledgement or failed attempt. */
  status(): readonly TargetStatus[];
  /**
   * Sends what is there, for at most `flushMs`, and ends. Close the log first, so that its last record is there. What does
   * not arrive in time is sent at the next start. Idempotent; never rejects.
   *
   * @param options `flushMs`: default 2000
   */
  close(options?: { readonly flushMs?: number | undefined }): Promise<void>;
}

/**
 * Ships the logs of a folder to collectors, and their checkpoints to anchors, from a thread of its own: a target that is
 * slow, away or hanging takes no time from a call. docs/audit/ship.md has what arrives, what may repeat, what can be lost.
 *
 * A target that cannot be reached is no reason to reject: it is tried again, and `onStatus` hears of it.
 *
 * @throws {AuditError} `invalid`: an option, a file or a package that is missing
 */
export async function startShipping(options: ShippingOptions): Promise<Shipping> {
  const plan = planShipping(options);
  const lanes = new Map<string, TargetStatus>();
  const worker = new Worker(
    new URL(`./worker/worker${import.meta.url.endsWith(".ts") ? ".ts" : ".js"}`, import.meta.url),
    {
      workerData: plan,
      name: "audit-shipping",
      // No environment: OTEL_* would add headers, NODE_TLS_REJECT_UNAUTHORIZED would switch checks off.
      env: {},
      execArgv: [],
      // On stdio, standard output is the protocol's. Nobody reads these: a reader would keep the process alive.
      stdout: true,
      stderr: true,
      // Batches are garbage at once. A backlog of 100,000 records grew the process by 100 to 170 MB with Node's young
      // generation, and by 30 to 45 MB with this one, as fast.
      resourceLimits: { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 4 },
    },
  );
  let closing = false;
  const exited = new Promise<void>((resolve) => worker.once("exit", () => resolve()));

  const update = (status: TargetStatus): void => {
    const key = `${status.name}\0${status.dir}`;
    const before = lanes.get(key);
    lanes.set(key, status);
    if (isNews(before, status)) options.onStatus?.(status);
  };
  const ready = new Promise<void>((resolve, reject) => {
    worker.on("message", (message: WorkerMessage) => {
      if (message.type === "ready") resolve();
      else if (message.type === "invalid") reject(new AuditError("invalid", message.message));
      else update(message.status);
    });
    worker.on("error", (error) => reject(new AuditError("unavailable", "the shipping thread ended", { cause: error })));
  });
  void exited.then(() => {
    if (closing) return;
    const failingSince = new Date().toISOString();
    for (const status of lanes.values())
      update({ ...status, state: "failing", lastError: "thread_ended", failingSince });
  });
  await ready;
  // A server that has nothing else to do may end.
  worker.unref();

  return {
    status: () => [...lanes.values()],
    async close({ flushMs = shipDefaults.flushMs } = {}) {
      if (!closing) {
        closing = true;
        worker.ref();
        worker.postMessage({ type: "close", flushMs } satisfies CloseMessage);
      }
      const late = AbortSignal.timeout(flushMs + 1000);
      await Promise.race([exited, new Promise((resolve) => late.addEventListener("abort", resolve))]);
      await worker.terminate();
    },
  };
}

/** Whether somebody wants to hear of it: a target went away or is back, or there is a new notice. */
function isNews(before: TargetStatus | undefined, now: TargetStatus): boolean {
  const failing = now.state === "failing";
  if (failing !== (before?.state === "failing") && now.state !== "stopped") return true;
  return now.lastNotice?.at !== before?.lastNotice?.at;
}
