import { compileGlob, type Glob } from "./glob.ts";

/**
 * Compiles `excludePatterns`: a pattern without `*` names something at any depth (`node_modules`), any other is held
 * against the whole relative path. The rule of the official directory_tree, here for every tool.
 *
 * @throws {FileError} as {@link compileGlob}
 */
export function compileExcludes(patterns: readonly string[]): Glob["matches"] {
  const globs = patterns
    .flatMap((pattern) => (pattern.includes("*") ? [pattern] : [pattern, `**/${pattern}`]))
    .map(compileGlob);
  return (above, name) => globs.some((glob) => glob.matches(above, name));
}

/** Compiles an `include`: without a slash it is about the name alone, whatever the directory. */
export function compileInclude(pattern: string | undefined): Glob["matches"] {
  if (pattern === undefined) return () => true;
  const { matches } = compileGlob(pattern.includes("/") ? pattern : `**/${pattern}`);
  return matches;
}
