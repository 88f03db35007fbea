import { readdirSync, readFileSync } from "node:fs";

/** Peak resident memory of a process, in bytes. */
export function peakBytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, "latin1");
  return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) * 1024;
}

/** The sum of the peaks of a process and of those it has started. */
export function treePeakBytes(pid: number): number {
  return peakBytes(pid) + childrenOf(pid).reduce((sum, child) => sum + treePeakBytes(child), 0);
}

function childrenOf(pid: number): number[] {
  const tasks = `/proc/${pid}/task`;
  return readdirSync(tasks).flatMap((task) =>
    readFileSync(`${tasks}/${task}/children`, "latin1").split(" ").filter(Boolean).map(Number),
  );
}
