import { readdirSync, readFileSync } from "node:fs";

/** CPU time that all threads of a process have used so far, in microseconds, from the scheduler's own count. */
export function cpuMicroseconds(pid: number): number {
  const tasks = `/proc/${pid}/task`;
  let nanoseconds = 0;
  for (const thread of readdirSync(tasks)) {
    nanoseconds += Number(readFileSync(`${tasks}/${thread}/schedstat`, "latin1").split(" ", 1)[0]);
  }
  return nanoseconds / 1000;
}
