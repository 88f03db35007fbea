import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly scripts?: Readonly<Record<string, string>>;
}

const manifest = (path: string): Manifest =>
  JSON.parse(readFileSync(new URL(`../${path}/package.json`, import.meta.url), "utf8"));
const rooms = (folder: string): readonly string[] =>
  readdirSync(new URL(`../${folder}`, import.meta.url)).map((name) => `${folder}/${name}`);
const ours = (one: Manifest): readonly string[] =>
  Object.keys(one.dependencies ?? {}).filter((name) => name.startsWith("@hardened-mcp/"));

/**
 * Each package and what it may stand on, ground floor first. A package works with the plain SDK alone; what it stands on is
 * there for types and for shared state.
 */
const FLOORS: Readonly<Record<string, readonly string[]>> = {
  audit: [],
  redact: [],
  "safe-fetch": [],
  "safe-path": [],
  "safe-sql": [],
  state: [],
  limits: ["state"],
  auth: ["safe-fetch", "state"],
  policy: ["auth", "state"],
  server: ["audit", "auth", "limits", "policy", "redact", "state"],
  cli: ["audit", "auth", "limits", "policy", "state"],
  "create-hardened-mcp": [],
};

describe("the floors of the house", () => {
  it("have a place for every package", () => {
    expect(rooms("packages")).toEqual(
      Object.keys(FLOORS)
        .map((name) => `packages/${name}`)
        .sort(),
    );
  });

  it.each(Object.entries(FLOORS))("%s stands on nothing but %j", (room, floor) => {
    const names = floor.map((name) => `@hardened-mcp/${name}`);
    expect(ours(manifest(`packages/${room}`)).filter((name) => !names.includes(name))).toEqual([]);
  });

  it.each(rooms("packages"))("%s imports no server of ours", (room) => {
    const servers = rooms("servers").map((path) => manifest(path).name);
    expect(ours(manifest(room)).filter((name) => servers.includes(name))).toEqual([]);
  });
});

describe("dependencies of what is published", () => {
  const published = [...rooms("packages"), ...rooms("servers")].map((path) => [path, manifest(path)] as const);

  it.each(published)("%s pins each one exactly", (_, one) => {
    const loose = Object.entries(one.dependencies ?? {}).filter(
      ([, version]) => !/^(workspace:\*|\d+\.\d+\.\d+)$/.test(version),
    );
    expect(loose).toEqual([]);
  });

  it.each(published)("%s runs nothing on install", (_, one) => {
    expect(Object.keys(one.scripts ?? {}).filter((name) => /install|prepare/.test(name))).toEqual([]);
  });
});
