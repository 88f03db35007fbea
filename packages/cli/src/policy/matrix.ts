import { policyMatrix, renderMatrix } from "@hardened-mcp/policy/cedar";
import type { Command } from "../command.ts";
import { exit, UsageError } from "../exit.ts";
import { oneOfValues } from "../input/choice.ts";
import { asciiJson } from "../printable.ts";
import { asUsage, loadedPolicies } from "./load.ts";
import { POLICY_HELP, POLICY_OPTIONS } from "./options.ts";

const FORMATS = ["table", "csv", "markdown"] as const;

export const policyMatrixCommand: Command = {
  help: `Prints what every caller gets of every tool, prompt and resource, by the very code that decides. Callers are those
of principals.json, or one for each role that the policies name, with every scope.

  allow; approve: a human is asked; depends (...): arguments or the time decide; deny: in sight, but a scope is
  missing that the client could come back with; not-listed: as if it were not there

${POLICY_HELP}  --server NAME    only this one; may be given several times
  --format FORMAT  table (default), csv, markdown
  --step-up SCOPE  a scope that clients may come back with, as in the server's stepUp

Exit code: 0; 64 wrong command line; 78 policies that cannot be used.
`,
  options: {
    ...POLICY_OPTIONS,
    server: { type: "string", multiple: true },
    format: { type: "string" },
    "step-up": { type: "string", multiple: true },
  },
  async run(flags, out) {
    const format = oneOfValues(flags, "format", FORMATS, "table");
    if (flags.given("json") && flags.given("format")) throw new UsageError("--json is a format of its own");
    const policies = await loadedPolicies(flags);
    const servers = flags.given("server") ? { servers: flags.values("server") } : {};
    const matrix = asUsage(() => policyMatrix({ policies, stepUp: flags.values("step-up"), ...servers }));
    out.write(flags.given("json") ? asciiJson(matrix) : renderMatrix(matrix, format));
    return exit.ok;
  },
};
