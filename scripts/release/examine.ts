import { join } from "node:path";
import type { Packed } from "../pack/pack-workspace.ts";
import { ROOT } from "../pack/workspace.ts";
import { type Findings, oneVersion, openCandidate } from "./candidate.ts";
import { checkFiles } from "./checks/files.ts";
import { checkImports } from "./checks/imports.ts";
import { checkInstallScripts } from "./checks/install-scripts.ts";
import { checkManifest } from "./checks/manifest.ts";
import { checkSbom } from "./checks/sbom.ts";
import { checkShape, checkTypes } from "./checks/shape.ts";
import { productionClosure } from "./closure.ts";
import type { Bom } from "./sbom/bom.ts";
import { makeSboms } from "./sbom/make-sboms.ts";

/** One package and all that speaks against publishing it. */
export interface Examined extends Packed {
  /** Files in the tarball. */
  readonly files: number;
  /** Packages that come along, ours and others'. */
  readonly closure: number;
  readonly findings: Findings;
}

/**
 * Looks at every packed tarball from every side, and writes its bill of materials.
 *
 * @param tarballs folder with what was packed
 * @param sboms folder that the bills go to
 */
export async function examine(
  packed: readonly Packed[],
  { tarballs, sboms }: { tarballs: string; sboms: string },
): Promise<readonly Examined[]> {
  const boms = makeSboms(packed, sboms);
  const release = { version: oneVersion(), ours: packed.map(({ name }) => name) };
  const examined: Examined[] = [];
  for (const one of packed) {
    const candidate = openCandidate(join(tarballs, one.file), one.folder);
    const closure = productionClosure(join(ROOT, one.folder));
    const findings = [
      ...checkFiles(candidate),
      ...checkManifest(candidate, release),
      ...checkImports(candidate),
      ...(await checkShape(candidate)),
      ...(await checkTypes(candidate)),
      ...checkInstallScripts(closure),
      ...checkSbom(boms.get(one.name) as Bom, closure),
    ];
    examined.push({ ...one, files: candidate.entries.length, closure: closure.length, findings });
  }
  return examined;
}

/** The release as a person reads it: a row for each package, then what speaks against it. */
export function report(examined: readonly Examined[]): string {
  const rows = [
    ["package", "version", "files", "bytes", "brings", "findings"],
    ...examined.map((one) => [
      one.name,
      one.version,
      ...[one.files, one.bytes, one.closure, one.findings.length].map(String),
    ]),
  ];
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const pad = (cell: string, column: number): string =>
    column < 2 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!);
  return [
    ...rows.map((row) => row.map(pad).join("  ").trimEnd()),
    ...examined.flatMap(({ name, findings }) => findings.map((finding) => `FAILED ${name}: ${finding}`)),
  ].join("\n");
}
