import { type AuditRecord, judge, type TailOptions, tailRecords } from "@hardened-mcp/audit/export";
import type { Command, Output } from "../command.ts";
import { exit } from "../exit.ts";
import type { Flags } from "../flags.ts";
import { printable } from "../printable.ts";
import { countFlag, folderOf, logFailure, typesOf } from "./flags.ts";
import { tailLine } from "./tail-line.ts";
import { ReaderGone, writerTo } from "./writer.ts";

const DEFAULT_LAST = 10;
/** They are held in memory. */
const MAX_LAST = 10_000;

export const auditTail: Command = {
  help: `Prints the newest records of the log in DIR, or of all its sub-logs together, one line each: time, who, tool, what
happened, code, duration, reference. It is for looking, not for proof: for that, audit verify.

  -n, --lines N    how many; default ${DEFAULT_LAST}, at most ${MAX_LAST}
  -f, --follow     go on with what is written from now on, over new segments and sub-logs, until Ctrl-C; waits for a
                   log that is not there yet
  --type TYPE      records of this type, such as call.refused; one flag for each
  --tool NAME      records of this tool
  --errors         what went wrong or wants a look: refusals, failures, weakened protection, trouble with the log
  --json           the lines as they are in the log

Colours are for terminals, and not with NO_COLOR.
Exit code: 0 done; 1 the log is damaged or unreadable; 64 wrong command line.
`,
  options: {
    lines: { type: "string", short: "n" },
    follow: { type: "boolean", short: "f" },
    type: { type: "string", multiple: true },
    tool: { type: "string" },
    errors: { type: "boolean" },
    json: { type: "boolean" },
  },
  async run(flags, out, err) {
    const dir = folderOf(flags);
    const last = countFlag(flags, "lines", MAX_LAST) ?? DEFAULT_LAST;
    const wanted = wantedOf(flags);
    const stop = new AbortController();
    const onInterrupt = () => stop.abort();
    const follow = flags.given("follow") ? { signal: stop.signal } : undefined;
    if (follow) process.once("SIGINT", onInterrupt);
    try {
      await show(dir, { last, wanted, follow }, { json: flags.given("json"), out, err, stop: stop.signal });
      return exit.ok;
    } catch (error) {
      if (error instanceof ReaderGone) return exit.ok;
      throw logFailure(error);
    } finally {
      process.removeListener("SIGINT", onInterrupt);
    }
  },
};

interface Screen {
  readonly json: boolean;
  readonly out: Output;
  readonly err: Output;
  readonly stop: AbortSignal;
}

async function show(dir: string, options: TailOptions, { json, out, err, stop }: Screen): Promise<void> {
  const write = writerTo(out);
  const style = { colour: mayColour(out), dir };
  for await (const one of tailRecords(dir, options)) {
    if ("notice" in one) err.write(`note: ${printable(`${one.dir}: ${one.notice}`)}\n`);
    else await write(json ? `${one.line}\n` : tailLine(one, style));
    if (stop.aborted) return;
  }
}

function wantedOf(flags: Flags): (record: AuditRecord) => boolean {
  const types = new Set(typesOf(flags));
  const name = flags.given("tool") ? flags.required("tool") : undefined;
  const errors = flags.given("errors");
  return (record) =>
    (types.size === 0 || types.has(record.type)) &&
    (name === undefined || record.tool?.name === name) &&
    (!errors || judge(record).severity !== "info");
}

/** https://no-color.org */
function mayColour(out: Output): boolean {
  const isTerminal = "isTTY" in out && out.isTTY === true;
  return isTerminal && (process.env["NO_COLOR"] ?? "") === "" && process.env["TERM"] !== "dumb";
}
