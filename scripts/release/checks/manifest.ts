import type { Candidate, Findings } from "../candidate.ts";

/** What npm runs when someone installs the package, or when its folder or repository is a dependency. */
const ON_INSTALL = ["preinstall", "install", "postinstall", "preprepare", "prepare", "postprepare", "prepublish"];
const EXACT = /^\d+\.\d+\.\d+(-[\w.]+)?$/;
const FIELDS = ["version", "description", "license", "homepage", "keywords", "engines", "type"];

/**
 * Holds the packed manifest to the promises: exact versions, one version for all of ours, nothing runs on install, and what a
 * reader of the registry needs is there.
 *
 * Peers may be ranges: the host brings them, and an exact peer would exclude every host but one.
 *
 * @param version the one that is released
 * @param ours names of all packages that are released together
 */
export function checkManifest(
  { manifest, entries }: Candidate,
  { version, ours }: { version: string; ours: readonly string[] },
): Findings {
  const findings = FIELDS.filter((field) => manifest[field] === undefined).map((field) => `${field} is missing`);
  const known = [...FIELDS, ...Object.keys(FIXED), ...OTHERS];
  for (const field of Object.keys(manifest).filter((name) => !known.includes(name))) {
    findings.push(`${field} is not expected`);
  }
  // Nothing says which tag it would get, so it would be `latest`, and everybody's.
  if (!/^\d+\.\d+\.\d+$/.test(manifest.version)) findings.push(`${manifest.version} is no plain version`);
  if (manifest.version !== version) findings.push(`its version is ${manifest.version}, of the release ${version}`);
  if (manifest.exports === undefined && manifest.bin === undefined) findings.push("it has neither exports nor bin");
  if (manifest.private === true) findings.push("it is private");
  for (const [field, value] of Object.entries(FIXED)) {
    const found = JSON.stringify(manifest[field]);
    if (found !== JSON.stringify(value)) findings.push(`${field} is ${found} and not ${JSON.stringify(value)}`);
  }
  const { url } = (manifest["repository"] ?? {}) as { url?: string };
  // npm compares it with the repository that the provenance names, and refuses another.
  if (url !== REPOSITORY) findings.push(`repository.url is ${url} and not ${REPOSITORY}`);

  for (const script of Object.keys(manifest.scripts ?? {}).filter((name) => ON_INSTALL.includes(name))) {
    findings.push(`${script} would run on install`);
  }
  // Without a script of that name npm compiles it on install all the same.
  if (entries.some(({ path }) => path === "binding.gyp")) findings.push("binding.gyp would be compiled on install");

  const { dependencies = {}, optionalDependencies = {}, peerDependencies = {} } = manifest;
  for (const [name, wanted] of Object.entries({ ...dependencies, ...optionalDependencies })) {
    if (!EXACT.test(wanted)) findings.push(`${name} is wanted as ${wanted}, which is no exact version`);
    else if (ours.includes(name) && wanted !== version) findings.push(`${name} is ours and wanted as ${wanted}`);
  }
  for (const [name, wanted] of Object.entries(peerDependencies)) {
    if (!/^[\d^~<>=|. -]+$/.test(wanted)) findings.push(`the peer ${name} is wanted as ${wanted}, which is no range`);
  }
  return findings;
}

/** Each was thought about. Not among them: what would bring other packages along (bundleDependencies) or change them (overrides). */
const OTHERS = [
  ...["name", "repository", "files", "sideEffects", "exports", "bin", "scripts", "private"],
  ...["dependencies", "devDependencies", "optionalDependencies", "peerDependencies", "peerDependenciesMeta"],
];
const REPOSITORY = "git+https://github.com/hardened-mcp/hardened-mcp.git";
const FIXED = {
  license: "Apache-2.0",
  bugs: "https://github.com/hardened-mcp/hardened-mcp/issues",
  publishConfig: { access: "public" },
} as const;
