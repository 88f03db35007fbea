import { AuditError, proveRecord, type RecordProof, tlogProof } from "@hardened-mcp/audit";
import type { Command } from "../command.ts";
import { exit, Failure, UsageError } from "../exit.ts";
import { asciiJson, printable, printableLines } from "../printable.ts";
import { notes } from "./anchors.ts";
import { PUB_HELP, publicKeys, pubOption } from "./keys.ts";
import { keepHeapLean } from "./lean-heap.ts";

export const auditProve: Command = {
  help: `Proves that record SEQ stands in the log in DIR: an inclusion proof up to the newest checkpoint, and a consistency
proof to it from the first checkpoint that speaks of the record. Verifies the whole log on the way.

${PUB_HELP}                     default: signing.pub of the folder
  --from FILE        a checkpoint kept elsewhere, from which on to prove instead; the last one of this log counts
  --json             the proof as one JSON document, for check-proof and for the checker in docs/audit/proofs.md

Exit code: 0 proved, 1 not: no such record, not signed yet, deleted, or the log is not intact.
`,
  options: { ...pubOption, from: { type: "string" }, json: { type: "boolean" } },
  async run(flags, out) {
    keepHeapLean();
    const [dir, seq, ...rest] = flags.positionals;
    if (dir === undefined || dir === "" || seq === undefined || rest.length > 0) {
      throw new UsageError("name one folder and the number of one record");
    }
    if (!/^\d{1,15}$/.test(seq)) throw new UsageError("a record is named by its number, from 0");
    const keys = await publicKeys(flags);
    const path = flags.value("from");
    const from = path === undefined ? undefined : notes(path);
    const proof = await prove(dir, Number(seq), { keys, from });
    out.write(flags.given("json") ? asciiJson(proof) : describe(proof));
    return exit.ok;
  },
};

async function prove(dir: string, seq: number, options: Parameters<typeof proveRecord>[2]): Promise<RecordProof> {
  try {
    return await proveRecord(dir, seq, options);
  } catch (error) {
    if (error instanceof AuditError) throw new Failure(exit.failure, `not proved: ${error.message}`, { cause: error });
    throw error;
  }
}

/** For people; the middle part is a C2SP tlog-proof, which other tools read. */
function describe(proof: RecordProof): string {
  const { log, seq, record, consistency, keys } = proof;
  const lines = [
    `record ${seq} of log ${log}`,
    record,
    "",
    "is in the tree of this checkpoint:",
    ...tlogProof(proof).trimEnd().split("\n"),
    "",
    "which continues this one:",
    ...consistency.checkpoint.trimEnd().split("\n"),
    "by these hashes:",
    ...(consistency.hashes.length > 0 ? consistency.hashes : ["none: it is the same"]),
    "",
    "signed, says the log, by:",
    ...keys,
  ];
  // The dash of a signature line is part of the form, and the only thing beyond ASCII in it.
  return `${lines.map((line) => (line.startsWith("\u2014 ") ? `\u2014 ${printable(line.slice(2))}` : printableLines(line).join(" "))).join("\n")}\n`;
}
