import { readFileSync } from "node:fs";
import type { Command, Output } from "./command.ts";
import { commands } from "./commands.ts";
import { exit, UsageError } from "./exit.ts";
import { parseFlags, unknown } from "./flags.ts";

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
    const { command, rest } = find(argv);
    if (wantsHelp(rest)) {
      out.write(`usage: hardened-mcp ${command.name} ${command.usage}\n\n${command.help}`);
      return exit.ok;
    }
    return await runCommand(command, rest, out, err);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    err.write(`hardened-mcp: ${error.message}\nSee: hardened-mcp --help\n`);
    return exit.usage;
  }
}

async function runCommand(command: Command, rest: readonly string[], out: Output, err: Output): Promise<number> {
  try {
    return await command.run(parseFlags(rest, command.options), out);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    err.write(`hardened-mcp: ${error.message}\nusage: hardened-mcp ${command.name} ${command.usage}\n`);
    return exit.usage;
  }
}

function wantsHelp(rest: readonly string[]): boolean {
  const end = rest.indexOf("--");
  return (end === -1 ? rest : rest.slice(0, end)).some((word) => word === "--help" || word === "-h");
}

/** The command whose words the line starts with. */
function find(argv: readonly string[]): { command: Command; rest: readonly string[] } {
  for (const command of commands) {
    const words = command.name.split(" ");
    if (words.every((word, i) => argv[i] === word)) return { command, rest: argv.slice(words.length) };
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

function overview(): string {
  const rows = commands.map((command) => `  ${command.name} ${command.usage}\n      ${command.summary}`);
  return `usage: hardened-mcp COMMAND\n\n${rows.join("\n")}\n\n  COMMAND --help, --help, --version\n`;
}

function version(): string {
  const text = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  return String((JSON.parse(text) as { version: unknown }).version);
}
