import { isBuiltin } from "node:module";
import type { Candidate, Findings } from "../candidate.ts";
import { specifiersOf } from "./specifiers.ts";

/** `@scope/name` or `name` of what an import names. */
const packageOf = (specifier: string): string =>
  specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");

/**
 * Every package that the published code imports, in scripts and in types, must be one that its manifest brings. What is there
 * only because another package brought it is a phantom: it works here, and not under pnpm or `--install-strategy=linked`. What
 * is named by no constant is refused, because it cannot be held against the manifest.
 */
export function checkImports({ name, manifest, entries }: Candidate): Findings {
  const brought = new Set(
    [manifest.dependencies, manifest.optionalDependencies, manifest.peerDependencies].flatMap((one) =>
      Object.keys(one ?? {}),
    ),
  );
  const findings = new Set<string>();
  for (const { path, content } of entries.filter((one) => /^dist\/(?!templates\/).*\.(js|d\.ts)$/.test(one.path))) {
    const specifiers = specifiersOf(content.toString("utf8"), path);
    if (specifiers === undefined) findings.add(`${path} cannot be parsed`);
    for (const unclear of specifiers?.unclear ?? []) {
      findings.add(`${path} could import anything, and nobody can tell what it needs: ${unclear.slice(0, 100)}`);
    }
    for (const specifier of specifiers?.named ?? []) {
      if (/^[./#]/.test(specifier) || isBuiltin(specifier)) continue;
      const wanted = packageOf(specifier);
      // Its own name, by which the exports are reached from inside.
      if (wanted !== name && !brought.has(wanted)) findings.add(`${path} imports ${wanted}, which is not declared`);
    }
  }
  return [...findings];
}
