import { type ExportOptions, exportFormats, exportRecords } from "@hardened-mcp/audit/export";
import type { Command, Output } from "../command.ts";
import { exit, Failure, UsageError } from "../exit.ts";
import type { Flags } from "../flags.ts";
import { oneOfValues } from "../input/choice.ts";
import { instantFlag } from "../input/instant.ts";
import { printable } from "../printable.ts";
import { countFlag, folderOf, logFailure, typesOf } from "./flags.ts";
import { keepHeapLean } from "./lean-heap.ts";
import { newFile } from "./new-file.ts";
import { ReaderGone, type Write, writerTo } from "./writer.ts";

export const auditExport: Command = {
  help: `Writes the log in DIR, or every sub-log of it one after another, in another form. Checks each record's hash and the
chain; a damaged line ends the export. Changes nothing; may run beside the server. Memory stays constant.

  --format jsonl   the lines as they are; what a verifier needs
  --format csv     a row a record, for a spreadsheet; one leading quote of a cell only keeps it from being a formula
  --format ocsf    an OCSF event a record, class API Activity (6003), for a SIEM
  --out FILE       a new file, 0600, instead of standard output; never overwrites; half an export never has this name
  --since TIME     records written at or after, such as 2027-01-31T00:00:00Z
  --until TIME     records written before
  --type TYPE      records of this type, such as call.refused; one flag for each
  --from SEQ       from this record on, in each log

Exit code: 0 done; 1 the log is damaged or unreadable, or the reader went away: what was written is not the whole;
64 wrong command line; 73 the output cannot be written.
`,
  options: {
    format: { type: "string" },
    out: { type: "string" },
    since: { type: "string" },
    until: { type: "string" },
    type: { type: "string", multiple: true },
    from: { type: "string" },
  },
  async run(flags, out, err) {
    keepHeapLean();
    const dir = folderOf(flags);
    const options = optionsOf(flags, err);
    if (!flags.given("out")) {
      await run(dir, options, writerTo(out));
      return exit.ok;
    }
    const path = flags.required("out");
    const file = newFile(path, dir);
    try {
      const records = await run(dir, options, file.write);
      file.finish();
      err.write(`${records} records in ${printable(path)}\n`);
    } catch (error) {
      const left = file.discard();
      if (left === undefined || !(error instanceof Failure)) throw error;
      throw new Failure(error.exitCode, `${error.message}\nHalf an export is left in ${left}.`, { cause: error });
    }
    return exit.ok;
  },
};

function optionsOf(flags: Flags, err: Output): ExportOptions {
  flags.required("format");
  const since = instantFlag(flags, "since");
  const until = instantFlag(flags, "until");
  if (since !== undefined && until !== undefined && since >= until)
    throw new UsageError("--since is not before --until");
  return {
    format: oneOfValues(flags, "format", exportFormats, "jsonl"),
    since,
    until,
    types: typesOf(flags),
    fromSeq: countFlag(flags, "from", Number.MAX_SAFE_INTEGER),
    onTornEnd: ({ dir, file, bytes }) =>
      err.write(`note: ${printable(`${dir}/${file}`)} ends in half a record of ${bytes} bytes, which is left out\n`),
  };
}

/** @returns how many records were written */
async function run(dir: string, options: ExportOptions, write: Write): Promise<number> {
  let written = 0;
  try {
    for await (const { text, records } of exportRecords(dir, options)) {
      await write(text);
      written += records;
    }
    return written;
  } catch (error) {
    if (error instanceof ReaderGone) {
      throw new Failure(exit.failure, `the reader went away after about ${written} records: the export is not whole.`);
    }
    throw logFailure(error);
  }
}
