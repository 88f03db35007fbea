import { createHash } from "node:crypto";
import { globSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Examined } from "./prove.ts";

/**
 * Writes into `out`, when nothing speaks against publishing, `release.json` with what is published, and `SHA256SUMS` over every
 * file. Between the jobs of the release the files lie where each of them could change them: the hash goes another way.
 *
 * @returns the hash of `SHA256SUMS`, which `as-proved.sh` asks for; undefined: something speaks against it
 */
export function writeProof(out: string, examined: readonly Examined[]): string | undefined {
  if (examined.some(({ findings }) => findings.length > 0)) return undefined;
  const published = examined.map(({ files, closure, findings, ...packed }) => packed);
  writeFileSync(join(out, "release.json"), `${JSON.stringify(published, null, 2)}\n`);
  const paths = globSync("**/*.*", { cwd: out }).sort();
  const sums = paths.map((path) => `${sha256(readFileSync(join(out, path)))}  ${path}\n`).join("");
  writeFileSync(join(out, "SHA256SUMS"), sums);
  return sha256(sums);
}

const sha256 = (content: string | Buffer): string => createHash("sha256").update(content).digest("hex");
