// A process that loads Cedar and one file of policies, and says how long each took.
import { readFileSync } from "node:fs";
import { parseManifest } from "@hardened-mcp/policy";

const [file = "", manifestFile = ""] = process.argv.slice(2);
const manifest = parseManifest(JSON.parse(readFileSync(manifestFile, "utf8")));
const startedAt = performance.now();
const { createCedarPolicy, loadPolicies } = await import("@hardened-mcp/policy/cedar");
const importedAt = performance.now();
const policies = loadPolicies(file, { manifests: [manifest] });
createCedarPolicy({ policies, server: manifest.server });
const loadedAt = performance.now();
console.log(JSON.stringify({ engineMs: importedAt - startedAt, policiesMs: loadedAt - importedAt }));
