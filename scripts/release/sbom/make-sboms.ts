import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Packed } from "../../pack/pack-workspace.ts";
import { pnpm } from "../../pack/pnpm.ts";
import { ROOT } from "../../pack/workspace.ts";
import type { Bom, Component } from "./bom.ts";

/**
 * Writes a CycloneDX bill of materials for each package into `out`: `NAME-VERSION.cdx.json`, the tarball's name.
 *
 * pnpm knows what is installed, under which licence, and the hash of each tarball of the registry. It does not know ours,
 * which are not there yet: their hashes are added. Serial number and time come from the content and the commit, so that the
 * same commit gives the same file.
 *
 * @param of all that is released together: what the packages may need
 * @returns by the package's name
 */
export function makeSboms(
  packed: readonly Packed[],
  { of, out }: { of: readonly Packed[]; out: string },
): ReadonlyMap<string, Bom> {
  mkdirSync(out, { recursive: true });
  const filters = packed.flatMap(({ folder }) => ["--filter", `./${folder}`]);
  // Development is left out by --prod, and what the user's own project brings by --exclude-peers.
  const options = ["--sbom-format", "cyclonedx", "--sbom-spec-version", "1.7", "--prod", "--exclude-peers"];
  pnpm([...filters, "sbom", ...options, "--split", "--out", join(out, "%s-%v.cdx.json")]);

  const timestamp = execFileSync("git", ["log", "-1", "--format=%cI"], { cwd: ROOT, encoding: "utf8" }).trim();
  const integrity = new Map(of.map((one) => [purlOf(one), one.integrity]));
  return new Map(
    packed.map(({ name, file }) => {
      const path = join(out, file.replace(/\.tgz$/, ".cdx.json"));
      const bom: Bom = JSON.parse(readFileSync(path, "utf8"));
      for (const one of [bom.metadata.component, ...bom.components]) addHash(one, integrity.get(one.purl));
      bom.metadata.timestamp = timestamp;
      bom.serialNumber = "";
      bom.serialNumber = `urn:uuid:${uuidOf(JSON.stringify(bom))}`;
      writeFileSync(path, `${JSON.stringify(bom, null, 2)}\n`);
      return [name, bom];
    }),
  );
}

const purlOf = ({ name, version }: Packed): string => `pkg:npm/${name.replace("@", "%40")}@${version}`;

function addHash(component: Component, integrity: string | undefined): void {
  if (integrity === undefined) return;
  const content = Buffer.from(integrity.replace(/^sha512-/, ""), "base64").toString("hex");
  component.hashes = [{ alg: "SHA-512", content }];
}

/** A name-based UUID, version 5 (RFC 9562, section 5.5) but for the longer hash. */
function uuidOf(content: string): string {
  const hex = createHash("sha256").update(content).digest("hex");
  const variant = ((Number.parseInt(hex.slice(16, 17), 16) & 0x3) | 0x8).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `5${hex.slice(13, 16)}`,
    variant + hex.slice(17, 20),
    hex.slice(20, 32),
  ].join("-");
}
