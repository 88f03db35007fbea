import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { tempFolder } from "./cli.ts";

const PACKAGES = [
  "audit",
  "auth",
  "cli",
  "limits",
  "policy",
  "redact",
  "safe-fetch",
  "safe-path",
  "safe-sql",
  "server",
  "state",
];

/** Packed packages that are only looked at: each needs the next, so that a project needs them all. */
export function fakeVendor(bytes = 1): string {
  const folder = tempFolder();
  const data = Buffer.alloc(bytes);
  const integrity = integrityOf(data);
  const names = PACKAGES.map((name) => `@hardened-mcp/${name}`);
  const packages = Object.fromEntries(
    names.map((name, index) => {
      const file = `${PACKAGES[index]}.tgz`;
      writeFileSync(join(folder, file), data);
      return [name, { version: "0.1.0", file, integrity, dependencies: [names[(index + 1) % names.length]] }];
    }),
  );
  writeFileSync(join(folder, "vendor.json"), JSON.stringify({ packages }));
  return folder;
}

/** As `vendor.json` and lock files have it. */
export function integrityOf(data: Uint8Array | string): string {
  return `sha512-${createHash("sha512").update(data).digest("base64")}`;
}
