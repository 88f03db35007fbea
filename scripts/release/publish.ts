import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Packed } from "../pack/pack-workspace.ts";
import { closures, publishable, ROOT } from "../pack/workspace.ts";
import { publishedIntegrity, REGISTRY } from "./registry.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** The only place that may publish; the registry is told the same (trusted publishing). */
const WORKFLOW = "hardened-mcp/hardened-mcp/.github/workflows/release.yml@refs/heads/main";

/**
 * What speaks against publishing from here. Only the release workflow of the main branch may: it has no token that could be
 * stolen, and what it publishes carries a proof of where it was built. A laptop has neither.
 */
export function whyNotPublish(env: Env): readonly string[] {
  const reasons: string[] = [];
  if (env["GITHUB_ACTIONS"] !== "true" || env["GITHUB_WORKFLOW_REF"] !== WORKFLOW) {
    reasons.push(`this is not the workflow ${WORKFLOW}`);
  }
  if (!env["ACTIONS_ID_TOKEN_REQUEST_URL"] || !env["ACTIONS_ID_TOKEN_REQUEST_TOKEN"]) {
    reasons.push("the job may ask for no identity token (permission id-token), so there would be no provenance");
  }
  for (const name of ["NPM_TOKEN", "NODE_AUTH_TOKEN"]) {
    if (env[name]) reasons.push(`${name} is set: publishing is by the workflow's identity and never by a token`);
  }
  return reasons;
}

/** How `npm` is asked to publish one tarball: the very bytes that were examined, and not the folder again. */
export function publishCommand(tarball: string): readonly string[] {
  return ["publish", tarball, "--provenance", "--ignore-scripts", "--access", "public", "--registry", REGISTRY];
}

/**
 * Publishes what `prove` left in `folder`, what others stand on first. A package that the registry already has is left as it is
 * when it is the same bytes, so that a run that broke off can be repeated.
 *
 * It is done by the npm that comes with Node. Whatever was fetched for it could publish in our name.
 *
 * @returns what was published
 * @throws {Error} nothing was proved, or a tarball is not the one that was
 * @throws {Error} the registry has other bytes of this version; then nothing is published
 */
export async function publishProved(folder: string): Promise<readonly Packed[]> {
  const packed = readProved(folder);
  const needs = closures(publishable().map(({ manifest }) => manifest));
  const missing: Packed[] = [];
  for (const one of inOrder(packed, needs)) {
    const there = await publishedIntegrity(one.name, one.version);
    if (there === undefined) missing.push(one);
    else if (there !== one.integrity) throw new Error(otherBytes(one));
  }
  for (const one of missing) {
    execFileSync("npm", publishCommand(join(folder, "packages", one.file)), {
      cwd: ROOT,
      stdio: ["ignore", "inherit", "inherit"],
    });
  }
  return missing;
}

/** The same commit gives the same bytes, so these are of another one. */
const otherBytes = ({ name, version }: Packed): string =>
  `The registry has ${name} ${version} with other bytes: it was published from another commit, and one version must not come ` +
  "from two. Nothing is published. Either run the workflow of that commit again, which finishes its release, or raise the " +
  "version with a changeset: npx -y pnpm@12 exec changeset";

/**
 * What was proved, each tarball the very bytes that were examined.
 *
 * @throws {Error} nothing was proved, or a tarball is not the one that was
 */
export function readProved(folder: string): readonly Packed[] {
  if (!existsSync(join(folder, "release.json"))) {
    throw new Error(`${folder} has no release.json: nothing was proved. Run: npx -y pnpm@12 release --dry-run`);
  }
  const packed: readonly Packed[] = JSON.parse(readFileSync(join(folder, "release.json"), "utf8"));
  for (const { file, integrity } of packed) {
    const found = createHash("sha512")
      .update(readFileSync(join(folder, "packages", file)))
      .digest("base64");
    if (`sha512-${found}` !== integrity) throw new Error(`${file} is not the tarball that was examined`);
  }
  return packed;
}

/** Without circles, what a package needs needs less than the package does. */
export function inOrder<T extends { readonly name: string }>(
  packed: readonly T[],
  needs: ReadonlyMap<string, readonly string[]>,
): readonly T[] {
  const count = ({ name }: T): number => needs.get(name)?.length ?? 0;
  return [...packed].sort((a, b) => count(a) - count(b));
}
