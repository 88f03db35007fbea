import type { Principal } from "@hardened-mcp/auth/principal";
import type { ServerManifest } from "../../manifest/manifest.ts";
import { parseManifest } from "../../manifest/parse-manifest.ts";
import type { Finding } from "../finding.ts";
import { parsePrincipals } from "./principals.ts";
import type { SourceFile } from "./read-files.ts";

/** Manifests among `files`; one of a server that is there alive is only compared with it. */
export function readManifests(
  files: readonly SourceFile[],
  live: readonly ServerManifest[],
  findings: Finding[],
): readonly ServerManifest[] {
  return files.flatMap((file) => {
    const manifest = file.kind === "manifest" ? parse(file, parseManifest, findings) : undefined;
    if (manifest === undefined) return [];
    const own = live.find(({ server }) => server === manifest.server);
    if (own === undefined) return [manifest];
    if (namesOf(own) !== namesOf(manifest)) {
      const message = `The server "${own.server}" itself offers something else, and that is what counts. Print the manifest anew.`;
      findings.push({
        severity: "warning",
        file: file.name,
        line: 0,
        policy: undefined,
        code: "stale-manifest",
        message,
      });
    }
    return [];
  });
}

/** The callers of `principals.json`; `undefined`: there is none. */
export function readPrincipals(
  files: readonly SourceFile[],
  findings: Finding[],
): ReadonlyMap<string, Principal> | undefined {
  const file = files.find(({ kind }) => kind === "principals");
  return file === undefined ? undefined : parse(file, parsePrincipals, findings);
}

function parse<T>(file: SourceFile, read: (json: unknown) => T, findings: Finding[]): T | undefined {
  try {
    return read(JSON.parse(file.text));
  } catch (error) {
    const message = error instanceof TypeError ? error.message : "It is no JSON.";
    findings.push({ severity: "error", file: file.name, line: 0, policy: undefined, code: "invalid-json", message });
    return undefined;
  }
}

function namesOf({ operations }: ServerManifest): string {
  const lines = operations.map(({ method, name, effect, scope, milder, inputSchema }) =>
    JSON.stringify([method, name, effect, scope, milder, inputSchema]),
  );
  return lines.sort().join("\n");
}
