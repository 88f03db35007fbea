import { checkProof } from "@hardened-mcp/audit";
import type { Command } from "../command.ts";
import { exit, UsageError } from "../exit.ts";
import { readInput } from "../input/read-input.ts";
import { asciiJson, printable } from "../printable.ts";
import { PUB_HELP, publicKeys, pubOption } from "./keys.ts";

export const auditCheckProof: Command = {
  help: `Checks a proof that audit prove --json printed, without the log. FILE may be - for standard input.

${PUB_HELP}                     from the owner, not from the proof
  --json             the answer as JSON

Exit code: 0 it proves the record, 1 it does not.
`,
  options: { ...pubOption, json: { type: "boolean" } },
  async run(flags, out) {
    const [path, ...rest] = flags.positionals;
    if (path === undefined || path === "" || rest.length > 0) throw new UsageError("name one file, or -");
    const keys = await publicKeys(flags);
    if (keys === undefined) throw new UsageError("--pub is needed: a proof cannot vouch for its own key");
    const proof = parse(await readInput(path, "the proof"));
    const check = checkProof(proof, keys);
    if (flags.given("json")) out.write(asciiJson(check));
    else if (!check.good) out.write(`not proved: ${printable(check.reason)}\n`);
    else {
      const { seq, log, from, to } = check;
      out.write(
        `proved: record ${seq} is in log ${printable(log)}, in the tree of ${to} records, which continues that of ${from}\n`,
      );
    }
    return check.good ? exit.ok : exit.failure;
  },
};

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch {
    return undefined;
  }
}
