import { cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";

// What was built, and what a template made where it was tried: its secrets, its database, its manifest.
const LEFT_OUT = /^(?:node_modules|dist|\.turbo|secrets|.*\.(?:tsbuildinfo|manifest\.json|db(?:-\w+)?))$/;
const readJson = (path) => JSON.parse(readFileSync(path, "utf8"));

/** The version of each package of the workspace, by name. */
function workspaceVersions(root) {
  const manifests = readdirSync(join(root, "packages")).map((name) =>
    readJson(join(root, "packages", name, "package.json")),
  );
  return new Map(manifests.map(({ name, version }) => [name, version]));
}

/** Exact versions, and nothing that only a workspace understands. @throws {Error} a range, or a package nobody has */
function exactly(dependencies, versions) {
  return Object.fromEntries(
    Object.entries(dependencies ?? {}).map(([name, spec]) => {
      const version = spec === "workspace:*" ? versions.get(name) : spec;
      if (!/^\d+\.\d+\.\d+(?:-[\w.-]+)?$/.test(version ?? "")) throw new Error(`${name}: ${spec} is no exact version.`);
      return [name, version];
    }),
  );
}

/**
 * Copies the templates from where they are built and tested, with the versions that they were tested with, and the versions of
 * what an option adds.
 */
export function copyTemplates(root, to) {
  const versions = workspaceVersions(root);
  cpSync(join(root, "templates"), to, { recursive: true, filter: (path) => !LEFT_OUT.test(basename(path)) });
  for (const kind of readdirSync(to)) {
    if (kind === "shared") continue;
    const path = join(to, kind, "package.json");
    const manifest = readJson(path);
    for (const key of ["dependencies", "devDependencies"]) manifest[key] = exactly(manifest[key], versions);
    writeFileSync(path, `${JSON.stringify(manifest, null, 2)}\n`);
  }
  const { devDependencies } = readJson(join(root, "packages/state/package.json"));
  const drivers = Object.fromEntries(["better-sqlite3", "ioredis", "pg"].map((name) => [name, devDependencies[name]]));
  const version = versions.get("create-hardened-mcp");
  writeFileSync(
    join(to, "versions.json"),
    `${JSON.stringify({ version, drivers: exactly(drivers, versions) }, null, 2)}\n`,
  );
}
