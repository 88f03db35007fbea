// Proves what would be published (--dry-run), and in the release workflow publishes it: node scripts/release.mjs [--dry-run] [--out DIR]
import { rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { buildFromNothing } from "./pack/build.ts";
import { packWorkspace } from "./pack/pack-workspace.ts";
import { closures, publishable, ROOT } from "./pack/workspace.ts";
import { examine, report } from "./release/examine.ts";
import { publish, whyNotPublish } from "./release/publish.ts";

try {
  const { values } = parseArgs({
    options: { "dry-run": { type: "boolean", default: false }, out: { type: "string" } },
  });
  process.exitCode = await release(values["dry-run"], values.out);
} catch (error) {
  console.error(error.message);
  process.exitCode = error.code?.startsWith("ERR_PARSE_ARGS") ? 64 : 1;
}

async function release(dryRun, named) {
  const reasons = dryRun ? [] : whyNotPublish(process.env);
  if (reasons.length > 0) {
    console.error(`Nothing is published from here:\n${reasons.map((reason) => `- ${reason}`).join("\n")}`);
    console.error("See what would be published: npx -y pnpm@12 release --dry-run");
    return 1;
  }
  // A folder that was named is the caller's, and refused when there is something in it. The other is ours.
  const out = resolve(named ?? join(ROOT, "release"));
  if (named === undefined) rmSync(out, { recursive: true, force: true });
  const tarballs = join(out, "packages");
  buildFromNothing();
  const packed = packWorkspace(tarballs);
  const examined = await examine(packed, { tarballs, sboms: join(out, "sbom") });
  console.log(report(examined));
  const failed = examined.filter(({ findings }) => findings.length > 0).length;
  if (failed > 0) {
    console.log(`${failed} of ${examined.length} packages cannot be published.`);
    return 1;
  }
  console.log(`${examined.length} packages can be published; tarballs and SBOMs are in ${out}`);
  if (dryRun) return 0;
  const published = await publish(packed, { tarballs, needs: closures(publishable().map(({ manifest }) => manifest)) });
  console.log(`Published: ${published.join(", ") || "nothing that was not there"}`);
  return 0;
}
