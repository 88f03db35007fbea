import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Packed } from "../pack/pack-workspace.ts";
import { pnpm } from "../pack/pnpm.ts";
import { closures, publishable } from "../pack/workspace.ts";

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

/** How `pnpm` is asked to publish one tarball: the very bytes that were examined, and not the folder again. */
export function publishCommand(tarball: string): readonly string[] {
  return ["publish", tarball, "--access", "public", "--provenance", "--ignore-scripts", "--no-git-checks"];
}

/**
 * Publishes what `prove` left in `folder`, what others stand on first. A package that the registry already has at this version
 * is left as it is, so that a run that broke off can be repeated.
 *
 * @returns what was published
 * @throws {Error} nothing was proved, or a tarball is not the one that was
 */
export async function publishProved(folder: string): Promise<readonly Packed[]> {
  const packed = readProved(folder);
  const needs = closures(publishable().map(({ manifest }) => manifest));
  const published: Packed[] = [];
  for (const one of inOrder(packed, needs)) {
    if (await isPublished(one.name, one.version)) continue;
    pnpm(publishCommand(join(folder, "packages", one.file)));
    published.push(one);
  }
  return published;
}

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

/** @throws {Error} the registry says neither yes nor no: publishing over an unknown state is worse than not publishing */
export async function isPublished(
  name: string,
  version: string,
  registry = "https://registry.npmjs.org",
): Promise<boolean> {
  const { status } = await fetch(`${registry}/${name.replace("/", "%2f")}/${version}`);
  if (status !== 200 && status !== 404) throw new Error(`${registry} answers ${status} for ${name} ${version}`);
  return status === 200;
}
