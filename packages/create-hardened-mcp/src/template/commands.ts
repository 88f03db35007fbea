import type { Chosen } from "../options/choices.ts";

/** How a script of the project is run, and a program that it depends on. What follows are its arguments, without `--`. */
const RUNNERS: Readonly<Record<Exclude<Chosen["pm"], "npm">, readonly [script: string, program: string]>> = {
  // Never without `run`: `pnpm audit`, `yarn audit` and `bun test` are commands of their own.
  pnpm: ["pnpm run", "pnpm exec"],
  yarn: ["yarn run", "yarn run"],
  bun: ["bun run", "bun run"],
};

/** Templates are written for npm, in these words. */
const SCRIPT = /\bnpm (?:run (?<named>[a-z][a-z:-]*)|(?<bare>test|start))(?![\w:-])(?: --(?= ))?/g;
const PROGRAM = /\bnpx (?=hardened-mcp )/g;

/** What in a file is a command, by its path. Prose, such as "the npm registry", is none. */
const COMMANDS: readonly (readonly [path: RegExp, commands: RegExp])[] = [
  [/\.(?:md|ts)$/, /^```[\s\S]*?^```$|`[^`\n]+`/gm],
  [/^\.github\/workflows\/[^/]+\.yml$/, /^\s*- run: .*$/gm],
  [/^Dockerfile$/, /^(?!#).*$/gm],
];

/** Where there is Node and nothing else, as in a container, pnpm is run like this; its version is the file's own. */
const FETCHED_PNPM = /npx --yes pnpm@[\d.]+/;

/** A text of a template, with its commands in the words of the package manager that was chosen. */
export function inWordsOf(pm: Chosen["pm"], path: string, text: string): string {
  if (pm === "npm") return text;
  const [, commands] = COMMANDS.find(([pattern]) => pattern.test(path)) ?? [];
  if (commands === undefined) return text;
  const [script, program] = RUNNERS[pm];
  const fetched = pm === "pnpm" ? FETCHED_PNPM.exec(text)?.[0] : undefined;
  const run = fetched === undefined ? script : `${fetched} run`;
  return text.replace(commands, (code) =>
    code
      .replace(SCRIPT, (_, named?: string, bare?: string) => `${run} ${named ?? bare}`)
      .replace(PROGRAM, () => `${program} `),
  );
}
