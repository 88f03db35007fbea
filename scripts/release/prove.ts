import { join } from "node:path";
import { buildFromNothing } from "../pack/build.ts";
import { type Packed, packWorkspace } from "../pack/pack-workspace.ts";
import { publishable, ROOT } from "../pack/workspace.ts";
import { type Findings, oneVersion, openCandidate } from "./candidate.ts";
import { checkFiles } from "./checks/files.ts";
import { checkImports } from "./checks/imports.ts";
import { checkInstallScripts } from "./checks/install-scripts.ts";
import { checkManifest } from "./checks/manifest.ts";
import { checkSbom } from "./checks/sbom.ts";
import { checkShape, checkTypes } from "./checks/shape.ts";
import { productionClosure } from "./closure.ts";
import { writeProof } from "./proof.ts";
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

/** What is examined, and how. */
interface Where {
  /** Folder with what was packed. */
  readonly tarballs: string;
  /** Folder that the bills of materials go to. */
  readonly sboms: string;
  /** Whether output without a source is held against a package. */
  readonly leftovers: boolean;
  /** Names of those that are examined; without it all. */
  readonly only?: readonly string[];
}

/** What came of it. */
interface Proved {
  readonly examined: readonly Examined[];
  /** Of everything in the folder (see {@link writeProof}). None: it cannot be published. */
  readonly proof: string | undefined;
}

/**
 * Builds from nothing, packs and examines. Leaves in `out` the tarballs, the bills of materials and, when nothing speaks
 * against publishing, the proof, without which nothing is published.
 *
 * @param asBuilt take what is built already, for a look in passing: what earlier builds left is not held against it, and there
 *   is no proof
 * @throws {Error} it does not build, or `out` has something in it
 */
export async function prove(out: string, { asBuilt = false } = {}): Promise<Proved> {
  if (!asBuilt) buildFromNothing();
  const tarballs = join(out, "packages");
  const packed = packWorkspace(tarballs);
  const examined = await examine(packed, { tarballs, sboms: join(out, "sbom"), leftovers: !asBuilt });
  return { examined, proof: asBuilt ? undefined : writeProof(out, examined) };
}

/**
 * Looks at packed tarballs from every side, and writes their bills of materials.
 *
 * @param packed all that is released together
 */
export async function examine(
  packed: readonly Packed[],
  { tarballs, sboms, leftovers, only }: Where,
): Promise<readonly Examined[]> {
  const chosen = packed.filter(({ name }) => only?.includes(name) ?? true);
  const boms = makeSboms(chosen, { of: packed, out: sboms });
  const release = { version: oneVersion(), ours: publishable().map(({ manifest }) => manifest.name) };
  const examined: Examined[] = [];
  for (const one of chosen) {
    const candidate = openCandidate(join(tarballs, one.file), one.folder);
    const closure = productionClosure(join(ROOT, one.folder));
    const findings = [
      ...checkFiles(candidate, { leftovers }),
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
