import { parseManifest, type ServerManifest } from "@hardened-mcp/policy";
import { exit, Failure } from "../exit.ts";
import type { Flags } from "../flags.ts";
import { readInput } from "../input/read-input.ts";
import { parseUniqueJson } from "../input/unique-json.ts";

/** The manifests named with `--manifest`. @throws {Failure} 78 */
export async function manifestsOf(flags: Flags): Promise<readonly ServerManifest[]> {
  const manifests: ServerManifest[] = [];
  for (const file of flags.values("manifest")) {
    const json = parseUniqueJson(await readInput(file, "--manifest"));
    try {
      manifests.push(parseManifest(json));
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      const why = json === undefined ? "It is no JSON object, or has a key twice." : error.message;
      throw new Failure(exit.configuration, `--manifest: ${file}: ${why}`);
    }
  }
  return manifests;
}
