import { listLogs, logStats } from "@hardened-mcp/audit";
import type { Command } from "../command.ts";
import { exit, Failure } from "../exit.ts";
import { instantFlag } from "../input/instant.ts";
import { asciiJson } from "../printable.ts";
import { oneFolder } from "./arguments.ts";
import { describeStats } from "./describe-stats.ts";
import { keepHeapLean } from "./lean-heap.ts";

export const auditStats: Command = {
  help: `Counts what is in the log in DIR, or in every sub-log of it. Believes what it reads: run audit verify first.

  --since TIME       only records from then on, such as 2027-01-31T00:00:00Z
  --until TIME       only records before
  --json             everything as JSON

Counts of many different names are kept for the frequent ones; where a count may be too small, it says by how much.
`,
  options: { since: { type: "string" }, until: { type: "string" }, json: { type: "boolean" } },
  async run(flags, out) {
    keepHeapLean();
    const dir = oneFolder(flags);
    const options = { since: instantFlag(flags, "since"), until: instantFlag(flags, "until") };
    try {
      const dirs = listLogs(dir);
      if (dirs.length === 0) throw new Failure(exit.failure, `${dir} holds no log.`);
      const logs = [];
      for (const one of dirs) logs.push(await logStats(one, options));
      out.write(flags.given("json") ? asciiJson({ logs }) : logs.map(describeStats).join("\n"));
      return exit.ok;
    } catch (error) {
      if (error instanceof Error && "code" in error) {
        throw new Failure(exit.failure, `${dir} cannot be read (${String(error.code)}).`, { cause: error });
      }
      throw error;
    }
  },
};
