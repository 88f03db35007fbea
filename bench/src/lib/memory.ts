import { readdirSync, readFileSync } from "node:fs";

/** Peak resident memory of a process, in bytes. */
export function peakBytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, "latin1");
  return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) * 1024;
}

/**
 * The sum of the peaks of a process and of those it has started. Pages of files count once: the children run the same Node, and
 * share its 50 MiB with their parent.
 */
export function treePeakBytes(pid: number): number {
  return peakBytes(pid) + descendantsOf(pid).reduce((sum, child) => sum + peakBytes(child) - fileBytes(child), 0);
}

function fileBytes(pid: number): number {
  return Number(/RssFile:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "latin1"))?.[1] ?? 0) * 1024;
}

function descendantsOf(pid: number): number[] {
  return childrenOf(pid).flatMap((child) => [child, ...descendantsOf(child)]);
}

function childrenOf(pid: number): number[] {
  const tasks = `/proc/${pid}/task`;
  return readdirSync(tasks).flatMap((task) =>
    readFileSync(`${tasks}/${task}/children`, "latin1").split(" ").filter(Boolean).map(Number),
  );
}
