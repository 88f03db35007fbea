import { CHOICE_NAMES, CHOICES, type ChoiceName, valuesOf } from "../options/choices.ts";
import { FLAG_ROWS } from "../options/flags.ts";

const WIDTH = 24;

/** The text of `--help`, from the tables that the command line is read by. */
export function helpText(): string {
  return `Usage: create-hardened-mcp [DIR] [flags]

Makes a project with a hardened MCP server in DIR (default: my-mcp-server). On a terminal it asks for what is not said.

${CHOICE_NAMES.map(choiceRows).join("\n")}

${Object.entries(FLAG_ROWS)
  .map(([flag, [, value, about]]) => row(value === undefined ? flag : `${flag} ${value}`, about))
  .join("\n")}

Without a terminal, in CI, with --yes or --no-interactive nothing is asked.
Example: create-hardened-mcp my-server --template database --transport both --auth oauth --yes

Exit codes: 0 ok, 1 failure, 64 usage, 69 the installation failed (the files stay), 73 cannot write, 74 standard output
is closed or full, 78 Node is too old, 130 cancelled.
`;
}

function choiceRows(name: ChoiceName): string {
  const rows = Object.entries(CHOICES[name].values).filter(([, about]) => about !== "");
  const first = row(`--${name}`, rows.length === 0 ? valuesOf(name).join(", ") : CHOICES[name].question);
  return [first, ...rows.map(([value, about]) => row(`    ${value}`, about))].join("\n");
}

function row(left: string, right: string): string {
  return `  ${left.padEnd(WIDTH)}${right}`;
}
