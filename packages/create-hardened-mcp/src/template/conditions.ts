import type { Chosen } from "../options/choices.ts";
import { holds } from "./condition.ts";

/** Files that only some projects get, by their place in the project. Where none of the patterns fits, the file is for all. */
const CONDITIONS: readonly (readonly [pattern: RegExp, terms: string])[] = [
  // A container is reached from other machines, and without auth the server refuses to be.
  [/^(?:deploy\/)?(?:compose|kubernetes)\.ya?ml$/, "transport=http,both auth!=none"],
  [/^deploy\/server\.config\.json$/, "transport=http,both auth!=none"],
  [/^deploy\/place-secrets\.mjs$/, "transport=http,both auth!=none"],
  [/^deploy\/probe\.mjs$/, "transport=http,both auth!=none"],
  [/^deploy\/[^/]+\.service$/, "transport=http,both"],
  [/^clients\/stdio\//, "transport=stdio,both"],
  [/^clients\/http\//, "transport=http,both auth=none,oauth"],
  [/^clients\/http-token\//, "transport=http,both auth=jwt,api-key"],
  [/^\.npmrc$/, "pm=npm"],
  [/^pnpm-workspace\.yaml$/, "pm=pnpm"],
  [/^(?:\.yarnrc(?:\.yml)?|yarn\.lock)$/, "pm=yarn"],
  [/^bunfig\.toml$/, "pm=bun"],
];

/** What is left out where all of the terms hold. */
const EXCEPTIONS: typeof CONDITIONS = [
  // Without auth it listens on loopback, which in a container is the container's own: an image that nobody could reach.
  [/^(?:Dockerfile|\.dockerignore)$/, "transport=http auth=none"],
];

export function isWanted(path: string, chosen: Chosen): boolean {
  return (
    CONDITIONS.every(([pattern, terms]) => !pattern.test(path) || holds(terms, chosen)) &&
    EXCEPTIONS.every(([pattern, terms]) => !pattern.test(path) || !holds(terms, chosen))
  );
}
