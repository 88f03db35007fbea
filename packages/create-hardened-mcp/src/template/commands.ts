import type { Chosen } from "../options/choices.ts";

/** The words of a package manager; those of yarn since its second version are others. */
export type Words = Chosen["pm"] | "berry";

/** How a script of the project is run, and a program that it depends on. What follows are its arguments, without `--`. */
const RUNNERS: Readonly<Record<Exclude<Words, "npm">, readonly [script: string, program: string]>> = {
  // Never without `run`: `pnpm audit`, `yarn audit` and `bun test` are commands of their own.
  pnpm: ["pnpm run", "pnpm exec"],
  yarn: ["yarn run", "yarn run"],
  berry: ["yarn run", "yarn run"],
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

/** Where there is Node and the first yarn and nothing else, as in a container. pnpm's version is the file's own. */
const FETCHED_PNPM = /npx --yes pnpm@[\d.]+/;
const FETCHED_BERRY = "npx --yes @yarnpkg/cli-dist@4.18.1";

/** Installing, for the later yarn; .yarnrc.yml keeps it from running scripts, and the flag for that is an error. */
const OF_FIRST_YARN: readonly (readonly [command: string, berry: string])[] = [
  ["yarn install --frozen-lockfile --ignore-scripts --production", "workspaces focus --all --production"],
  ["yarn install --frozen-lockfile --ignore-scripts", "install --immutable"],
];

/** A text of a template, with its commands in the words of the package manager that was chosen. */
export function inWordsOf(pm: Words, path: string, text: string): string {
  if (pm === "npm") return text;
  const [, commands] = COMMANDS.find(([pattern]) => pattern.test(path)) ?? [];
  if (commands === undefined) return text;
  const [script, program] = RUNNERS[pm];
  const fetched = fetchedFor(pm, text);
  const run = fetched === undefined ? script : `${fetched} run`;
  const known = pm === "berry" ? forBerry(text) : text;
  return known.replace(commands, (code) =>
    code
      .replace(SCRIPT, (_, named?: string, bare?: string) => `${run} ${named ?? bare}`)
      .replace(PROGRAM, () => `${program} `),
  );
}

function forBerry(text: string): string {
  return OF_FIRST_YARN.reduce((all, [first, berry]) => all.replaceAll(first, `${FETCHED_BERRY} ${berry}`), text);
}

function fetchedFor(pm: Words, text: string): string | undefined {
  if (pm === "pnpm") return FETCHED_PNPM.exec(text)?.[0];
  return pm === "berry" && text.includes("yarn install --frozen-lockfile") ? FETCHED_BERRY : undefined;
}
