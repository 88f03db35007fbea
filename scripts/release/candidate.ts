import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Manifest, ROOT } from "../pack/workspace.ts";
import { type Entry, readTarball } from "./tarball.ts";

/** A tarball that is to be published, opened. The checks look at this and not at the clone: it is what others get. */
export interface Candidate {
  readonly name: string;
  /** The `package.json` inside the tarball. */
  readonly manifest: Manifest & Readonly<Record<string, unknown>>;
  readonly entries: readonly Entry[];
  /** Absolute. */
  readonly tarball: string;
  /** Where its source is, absolute. */
  readonly source: string;
}

/** What a check has to say against one package, in words for whoever releases. None: it passes. */
export type Findings = readonly string[];

/** @throws {Error} the tarball is none, or has no `package.json` */
export function openCandidate(tarball: string, folder: string): Candidate {
  const entries = readTarball(tarball);
  const manifest = entries.find(({ path }) => path === "package.json");
  if (manifest === undefined) throw new Error(`${tarball} has no package.json`);
  const parsed = JSON.parse(manifest.content.toString("utf8"));
  return { name: parsed.name, manifest: parsed, entries, tarball, source: join(ROOT, folder) };
}

/** The version that everything is released at: the one of the first floor. */
export function oneVersion(): string {
  return JSON.parse(readFileSync(join(ROOT, "packages/server/package.json"), "utf8")).version;
}
