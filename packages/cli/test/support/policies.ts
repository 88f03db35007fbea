import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { folder } from "./stores.ts";

export const EXAMPLES = join(import.meta.dirname, "../../../policy/examples");
export const MANIFEST = join(EXAMPLES, "filesystem.manifest.json");

/** A folder with the manifest of `filesystem`, and these files. */
export function policies(files: Readonly<Record<string, string>>): string {
  const dir = folder();
  cpSync(MANIFEST, join(dir, "filesystem.manifest.json"));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text, { mode: 0o600 });
  return dir;
}

export const READERS = '@id("readers")\npermit (principal in Role::"reader", action in Action::"read", resource);\n';
