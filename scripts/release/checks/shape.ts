import { readFileSync } from "node:fs";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import type { Candidate, Findings } from "../candidate.ts";

/**
 * Resolutions that the packages promise: ES modules on Node 24, and bundlers. Older Node and `require` are not promised.
 *
 * @see {@link https://github.com/arethetypeswrong/arethetypeswrong.github.io/blob/main/packages/cli/README.md} profile esm-only
 */
const PROMISED: ReadonlySet<string> = new Set(["node16-esm", "bundler"]);

/** The manifest against the files it names, by publint, which takes a suggestion for a finding. */
export async function checkShape({ tarball }: Candidate): Promise<Findings> {
  const data = readFileSync(tarball);
  const { messages, pkg } = await publint({
    pack: { tarball: data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength) },
    strict: true,
  });
  return messages.map((message) => formatMessage(message, pkg, { color: false }) ?? message.code);
}

/** The types against the scripts, as a TypeScript of the user's would find them. */
export async function checkTypes({ tarball, manifest }: Candidate): Promise<Findings> {
  // A command alone, which nobody imports.
  if (manifest.exports === undefined && manifest.bin !== undefined) return [];
  const result = await checkPackage(createPackageFromTarballData(new Uint8Array(readFileSync(tarball))));
  if (result.types === false) return ["it has no types"];
  return result.problems
    .filter((one) => !("resolutionKind" in one) || PROMISED.has(one.resolutionKind))
    .map((one) => {
      const where = "entrypoint" in one ? one.entrypoint : "fileName" in one ? one.fileName : "";
      return `${one.kind} ${where} ${"resolutionKind" in one ? one.resolutionKind : ""}`.trim();
    });
}
