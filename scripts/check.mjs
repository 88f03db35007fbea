// Everything about the source that is not a test: types, lint and format, package shape. Stops at nothing, so that one run
// shows all there is to mend; exits 1 when anything failed.
import { spawnSync } from "node:child_process";
import { globSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const out = mkdtempSync(join(tmpdir(), "hardened-mcp-check-"));

const templates = globSync("templates/*/package.json").map(dirname).sort();

const checks = [
  ["types of the source", "turbo", ["run", "build", "--output-logs=errors-only"]],
  ["types of the tests", "tsc", ["-p", "tsconfig.tests.json"]],
  ...templates.map((path) => [`types of ${path}, its tests among them`, "tsc", ["-p", path]]),
  // Lint, format and, by the rule noImportCycles, circular imports. Circles between packages are turbo's to refuse.
  ["lint, format, circular imports", "biome", ["check", "--error-on-warnings", "."]],
  ["what would be published", "node", ["scripts/release.mjs", "--dry-run", "--as-built", "--out", out]],
];

let failed = 0;
for (const [what, command, args] of checks) {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: "utf8" });
  console.log(`${status === 0 ? "ok    " : "FAILED"} ${what}`);
  if (status === 0) continue;
  failed++;
  console.log(`${stdout}\n${stderr}`);
}
rmSync(out, { recursive: true, force: true });
process.exitCode = failed === 0 ? 0 : 1;
