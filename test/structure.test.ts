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

/** Packages that know nothing of any other of ours, and so work with the plain SDK alone. */
const LEAVES = ["audit", "limits", "redact", "safe-path"];

describe("the floors of the house", () => {
  it.each(LEAVES)("%s stands on nothing of ours", (leaf) => {
    expect(ours(manifest(`packages/${leaf}`))).toEqual([]);
  });

  it("server stands on leaves only", () => {
    expect(
      ours(manifest("packages/server")).filter((name) => !LEAVES.includes(name.slice("@hardened-mcp/".length))),
    ).toEqual([]);
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
