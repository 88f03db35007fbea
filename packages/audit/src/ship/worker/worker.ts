// The thread that ships. It reads a log's files and writes cursors and locks; the process's writer does not know of it.
import { parentPort, workerData } from "node:worker_threads";
import { type Lane, runLane } from "../lane/lane.ts";
import { laneReport } from "../lane/lane-report.ts";
import { pause, type Wake, watchLog } from "../lane/wake.ts";
import type { Plan, PlannedTarget } from "../options/plan.ts";
import { noteReader } from "../read/note-reader.ts";
import { recordReader } from "../read/record-reader.ts";
import { shipDefaults } from "../ship-defaults.ts";
import { findLogs } from "./find-logs.ts";
import type { CloseMessage, WorkerMessage } from "./messages.ts";
import { type OpenTarget, prepareTargets } from "./open-targets.ts";

const plan = workerData as Plan;
const stop = new AbortController();
const abort = new AbortController();
const signals = { stop: stop.signal, abort: abort.signal };

function tell(message: WorkerMessage): void {
  parentPort?.postMessage(message);
}

parentPort?.on("message", ({ flushMs }: CloseMessage) => {
  stop.abort();
  setTimeout(() => abort.abort(), flushMs).unref();
});

try {
  const open = await prepareTargets(plan);
  tell({ type: "ready" });
  await shipAll(open);
} catch (error) {
  tell({ type: "invalid", message: error instanceof Error ? error.message : "unknown" });
}
parentPort?.close();

/** Each log to each target, side by side: a target that hangs holds up nothing but itself. */
async function shipAll(open: OpenTarget): Promise<void> {
  const lanes = new Map<string, Promise<void>>();
  const wakes: Wake[] = [];
  while (!stop.signal.aborted) {
    for (const dir of findLogs(plan.dir)) {
      if (lanes.has(dir)) continue;
      const wake = watchLog(dir);
      wakes.push(wake);
      const all = plan.targets.map((target) => runLane(newLane(dir, target, wake, open), signals));
      lanes.set(
        dir,
        Promise.all(all).then(() => undefined),
      );
    }
    await pause(shipDefaults.rescanMs, stop.signal);
  }
  await Promise.all(lanes.values());
  for (const wake of wakes) wake.close();
}

function newLane(dir: string, target: PlannedTarget, wake: Wake, open: OpenTarget): Lane {
  const reader = target.kind === "export" ? recordReader(dir) : noteReader(dir);
  let timer: NodeJS.Timeout | undefined;
  const send = () => {
    clearTimeout(timer);
    timer = undefined;
    tell({ type: "status", status: report.status() });
  };
  const report = laneReport({ name: target.name, kind: target.kind, dir }, reader.newest, (soon) => {
    if (!soon) send();
    else timer ??= setTimeout(send, shipDefaults.statusMs).unref();
  });
  return { dir, target, reader, wake, report, open: (logId) => open(target, logId) };
}
