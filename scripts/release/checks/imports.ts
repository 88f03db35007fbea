import { isBuiltin } from "node:module";
import { init, parse } from "es-module-lexer";
import type { Candidate, Findings } from "../candidate.ts";

await init;

/** `@scope/name` or `name` of what an import names. */
const packageOf = (specifier: string): string =>
  specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");

/**
 * Every package that the published code imports, in scripts and in types, must be one that its manifest brings. What is there
 * only because another package brought it is a phantom: it works here, and not under pnpm or `--install-strategy=linked`.
 */
export function checkImports({ name, manifest, entries }: Candidate): Findings {
  const brought = new Set(
    [manifest.dependencies, manifest.optionalDependencies, manifest.peerDependencies].flatMap((one) =>
      Object.keys(one ?? {}),
    ),
  );
  const findings = new Set<string>();
  for (const { path, content } of entries.filter((one) => /^dist\/(?!templates\/).*\.(js|d\.ts)$/.test(one.path))) {
    const code = content.toString("utf8");
    const named = parse(code, path)[0].map(({ n }) => n);
    // The lexer sees no `require`; this one comes from createRequire, with a constant.
    for (const [, specifier] of code.matchAll(/\brequire(?:\.resolve)?\("([^"]+)"\)/g)) named.push(specifier);
    for (const specifier of named) {
      if (specifier === undefined || /^[./#]/.test(specifier) || isBuiltin(specifier)) continue;
      const wanted = packageOf(specifier);
      // Its own name, by which the exports are reached from inside.
      if (wanted !== name && !brought.has(wanted)) findings.add(`${path} imports ${wanted}, which is not declared`);
    }
  }
  return [...findings];
}
