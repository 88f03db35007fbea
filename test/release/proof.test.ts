import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { writeProof } from "../../scripts/release/proof.ts";
import { readProved } from "../../scripts/release/publish.ts";

const SCRIPT = resolve(import.meta.dirname, "../../scripts/release/as-proved.sh");
const [TARBALL, SBOM] = ["packages/a-1.0.0.tgz", "sbom/a-1.0.0.cdx.json"] as const;

let out: string;
beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), "hardened-mcp-proof-"));
  for (const path of [TARBALL, SBOM]) {
    mkdirSync(join(out, path, ".."), { recursive: true });
    writeFileSync(join(out, path), "content");
  }
});
afterEach(() => rmSync(out, { recursive: true }));

const hash = (algorithm: string, encoding: "hex" | "base64", content = "content"): string =>
  createHash(algorithm).update(content).digest(encoding);
const packed = {
  name: "a",
  version: "1.0.0",
  folder: "packages/a",
  file: "a-1.0.0.tgz",
  integrity: `sha512-${hash("sha512", "base64")}`,
  bytes: 7,
};
const examined = { ...packed, files: 1, closure: 0, findings: [] };

/** What the jobs say that take the folder from where it lay in between. */
const check = (proof: string): { readonly status: number | null; readonly stderr: string } =>
  spawnSync("bash", [SCRIPT, out, proof], { encoding: "utf8" });

describe("the proof of a release", () => {
  it("names what is published, and every file by its hash", () => {
    const proof = writeProof(out, [examined]);
    expect(readProved(out)).toEqual([packed]);
    expect(check(proof ?? "")).toMatchObject({ status: 0, stderr: "" });
  });

  it("is not written when something speaks against one package", () => {
    expect(writeProof(out, [examined, { ...examined, findings: [".env is not expected"] }])).toBeUndefined();
    expect(["release.json", "SHA256SUMS"].filter((file) => existsSync(join(out, file)))).toEqual([]);
  });

  it("is refused when nothing was said of it", () => {
    writeProof(out, [examined]);
    expect(check("").status).not.toBe(0);
  });

  const proveAnother = (): void => {
    writeFileSync(join(out, TARBALL), "changed");
    writeProof(out, [examined]);
  };
  const link = (path: string): void => symlinkSync(join(out, TARBALL), join(out, path));
  it.each<[string, () => unknown]>([
    ["a tarball is another", () => writeFileSync(join(out, TARBALL), "changed")],
    ["a bill of materials is another", () => writeFileSync(join(out, SBOM), "changed")],
    ["the list of what is published is another", () => appendFileSync(join(out, "release.json"), "\n")],
    ["a tarball is gone", () => rmSync(join(out, TARBALL))],
    ["a tarball has come along", () => writeFileSync(join(out, "packages/b-1.0.0.tgz"), "content")],
    ["a hidden file has come along", () => writeFileSync(join(out, "packages/.npmrc"), "content")],
    ["a link has come along", () => link("packages/b-1.0.0.tgz")],
    ["all was proved anew, by another job", proveAnother],
    ["the list of hashes is empty", () => writeFileSync(join(out, "SHA256SUMS"), "")],
  ])("is refused when %s", (_, attack) => {
    const proof = writeProof(out, [examined])!;
    attack();
    expect(check(proof).status).not.toBe(0);
  });
});
