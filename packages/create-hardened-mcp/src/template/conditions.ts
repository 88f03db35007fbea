import type { Chosen } from "../options/choices.ts";
import { holds } from "./condition.ts";

/** Files that only some projects get, by their place in the project. Where none of the patterns fits, the file is for all. */
const CONDITIONS: readonly (readonly [pattern: RegExp, terms: string])[] = [
  // A container is reached from other machines, and without auth the server refuses to be.
  [/^(?:deploy\/)?(?:compose|kubernetes)\.ya?ml$/, "transport=http,both auth!=none"],
  [/^deploy\/server\.config\.json$/, "transport=http,both auth!=none"],
  [/^deploy\/place-secrets\.mjs$/, "transport=http,both auth!=none"],
  [/^deploy\/(?:[^/]+\.service|probe\.mjs)$/, "transport=http,both"],
  [/^clients\/stdio\//, "transport=stdio,both"],
  [/^clients\/http\//, "transport=http,both auth=none,oauth"],
  [/^clients\/http-token\//, "transport=http,both auth=jwt,api-key"],
  [/^\.npmrc$/, "pm=npm"],
  [/^pnpm-workspace\.yaml$/, "pm=pnpm"],
  [/^(?:\.yarnrc(?:\.yml)?|yarn\.lock)$/, "pm=yarn"],
  [/^bunfig\.toml$/, "pm=bun"],
];

export function isWanted(path: string, chosen: Chosen): boolean {
  return CONDITIONS.every(([pattern, terms]) => !pattern.test(path) || holds(terms, chosen));
}
