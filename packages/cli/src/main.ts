import { readFileSync } from "node:fs";
import type { CommandRow, Output } from "./command.ts";
import { commands } from "./commands.ts";
import { exit, Failure, UsageError } from "./exit.ts";
import { parseFlags, unknown } from "./flags.ts";
import { printable, printableLines } from "./printable.ts";

/** Runs one command line and returns the exit code. Never calls `process.exit`, so that piped output is complete. */
export async function main(argv: readonly string[], out: Output, err: Output): Promise<number> {
  try {
    const [first] = argv;
    if (first === undefined || first === "--help" || first === "-h") {
      (first === undefined ? err : out).write(overview());
      return first === undefined ? exit.usage : exit.ok;
    }
    if (first === "--version") {
      out.write(`${version()}\n`);
      return exit.ok;
    }
    const group = commands.filter(({ name }) => name.startsWith(`${first} `));
    if (group.length > 0 && (argv[1] === "--help" || argv[1] === "-h")) {
      out.write(overview(group));
      return exit.ok;
    }
    const { row, rest } = find(argv);
    const command = await row.load();
    if (wantsHelp(rest)) {
      out.write(`usage: hardened-mcp ${row.name} ${row.usage}\n\n${command.help}`);
      return exit.ok;
    }
    return await runCommand(row, () => command.run(parseFlags(rest, command.options), out, err), err);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    err.write(`hardened-mcp: ${printable(error.message)}\nSee: hardened-mcp --help\n`);
    return exit.usage;
  }
}

/** The one door for what goes wrong: messages may carry names from files and stores, so none leaves here as it came. */
async function runCommand(row: CommandRow, run: () => Promise<number>, err: Output): Promise<number> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof UsageError) {
      err.write(`hardened-mcp: ${printable(error.message)}\nusage: hardened-mcp ${row.name} ${row.usage}\n`);
      return exit.usage;
    }
    if (error instanceof Failure) {
      err.write(`hardened-mcp: ${printableLines(error.message).join("\n")}\n`);
      return error.exitCode;
    }
    // A defect of this command. The stack helps whoever mends it.
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    err.write(`hardened-mcp: unforeseen: ${printableLines(text).join("\n")}\n`);
    return exit.failure;
  }
}

function wantsHelp(rest: readonly string[]): boolean {
  const end = rest.indexOf("--");
  return (end === -1 ? rest : rest.slice(0, end)).some((word) => word === "--help" || word === "-h");
}

/** The command whose words the line starts with. */
function find(argv: readonly string[]): { row: CommandRow; rest: readonly string[] } {
  for (const row of commands) {
    const words = row.name.split(" ");
    if (words.every((word, i) => argv[i] === word)) return { row, rest: argv.slice(words.length) };
  }
  const [first = ""] = argv;
  if (first.startsWith("-")) throw new UsageError(unknown("flag", first, ["--help", "--version"]));
  const typed = argv.slice(0, 2).filter((word) => !word.startsWith("-"));
  throw new UsageError(
    unknown(
      "command",
      typed.join(" "),
      commands.map((command) => command.name),
    ),
  );
}

function overview(which: readonly CommandRow[] = commands): string {
  const rows = which.map((command) => `  ${command.name} ${command.usage}\n      ${command.summary}`);
  return `usage: hardened-mcp COMMAND\n\n${rows.join("\n")}\n\n  COMMAND --help, --help, --version\n`;
}

function version(): string {
  const text = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  return String((JSON.parse(text) as { version: unknown }).version);
}
