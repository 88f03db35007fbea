import { execFileSync } from "node:child_process";
import { publishable, ROOT } from "../pack/workspace.ts";
import { oneVersion } from "./candidate.ts";
import { publishedIntegrity } from "./registry.ts";

/**
 * Whether the version of this commit is still to be released. The tag decides, because it comes last: a run that broke off
 * anywhere before, also after the last package, is taken up again.
 *
 * @throws {Error} there is a tag, and the registry lacks a package: adding it would make one version of two commits
 */
export async function isPending(): Promise<boolean> {
  const version = oneVersion();
  if (!hasTag(`refs/tags/v${version}`)) return true;
  for (const { manifest } of publishable()) {
    if ((await publishedIntegrity(manifest.name, version)) !== undefined) continue;
    throw new Error(
      `v${version} is tagged, and the registry lacks ${manifest.name} ${version}. A released version gets nothing more, so ` +
        "that it comes from one commit. Add a changeset: npx -y pnpm@12 exec changeset",
    );
  }
  return false;
}

/** git takes the name for the end of one: a branch `refs/tags/v1.0.0` would match, and stop a release. */
function hasTag(tag: string): boolean {
  const refs = execFileSync("git", ["ls-remote", "origin", tag], { cwd: ROOT, encoding: "utf8" });
  return refs.split("\n").some((line) => line.split("\t")[1] === tag);
}
