// Three ways, in the order of a release:
//   node scripts/release.mjs --pending           whether this version is still to be released: it has no tag
//   node scripts/release.mjs --dry-run [--out DIR]  proves what would be published, into DIR; publishes nothing
//     --as-built                                   without building from nothing, for pnpm check
//   node scripts/release.mjs                     publishes what was proved; only in the release workflow
import { appendFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { ROOT } from "./pack/workspace.ts";
import { oneVersion } from "./release/candidate.ts";
import { isPending } from "./release/pending.ts";
import { publishProved, whyNotPublish } from "./release/publish.ts";

try {
  const { values } = parseArgs({
    options: {
      pending: { type: "boolean" },
      "dry-run": { type: "boolean" },
      "as-built": { type: "boolean" },
      out: { type: "string" },
    },
  });
  const { "dry-run": dry, "as-built": asBuilt = false, out } = values;
  if (!dry && (asBuilt || out !== undefined)) throw new Error("--out and --as-built go with --dry-run");
  process.exitCode = await (values.pending ? pending() : dry ? dryRun(out, asBuilt) : publish());
} catch (error) {
  console.error(error.message);
  process.exitCode = error.code?.startsWith("ERR_PARSE_ARGS") ? 64 : 1;
}

async function pending() {
  output("pending", await isPending());
  return 0;
}

async function dryRun(named, asBuilt) {
  // A folder that was named is the caller's, and refused when there is something in it. The other is ours.
  const out = resolve(named ?? join(ROOT, "release"));
  if (named === undefined) rmSync(out, { recursive: true, force: true });
  // Only here: what publishes loads nothing that was installed.
  const { prove, report } = await import("./release/prove.ts");
  const { examined, proof } = await prove(out, { asBuilt });
  const failed = examined.filter(({ findings }) => findings.length > 0).length;
  console.log(report(examined));
  console.log(
    failed > 0
      ? `${failed} of ${examined.length} packages cannot be published.`
      : `${examined.length} packages can be published; tarballs and SBOMs are in ${out}`,
  );
  if (proof !== undefined) output("proof", proof);
  return failed > 0 ? 1 : 0;
}

async function publish() {
  const reasons = whyNotPublish(process.env);
  if (reasons.length > 0) {
    console.error(`Nothing is published from here:\n${reasons.map((reason) => `- ${reason}`).join("\n")}`);
    console.error("See what would be published: npx -y pnpm@12 release --dry-run");
    return 1;
  }
  const published = await publishProved(join(ROOT, "release"));
  for (const { name, version } of published) console.log(`published ${name} ${version}`);
  // Also when there was nothing left to publish: what is announced may still be missing.
  output("version", oneVersion());
  return 0;
}

/** For a later step or job of the workflow, and for whoever reads along. */
function output(name, value) {
  const { GITHUB_OUTPUT } = process.env;
  console.log(`${name}=${value}`);
  if (GITHUB_OUTPUT) appendFileSync(GITHUB_OUTPUT, `${name}=${value}\n`);
}
