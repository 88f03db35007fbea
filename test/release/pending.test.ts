import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { makeWorld, type World } from "./world.ts";

const folder = mkdtempSync(join(tmpdir(), "hardened-mcp-pending-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("whether a version is still to be released", () => {
  let world: World;
  const git = (...args: readonly string[]): unknown =>
    execFileSync("git", ["-C", world.clone, "-c", "user.name=a", "-c", "user.email=a@b.test", ...args]);
  /** Where the clone came from, with these tags. */
  const origin = (...tags: readonly string[]): void => {
    git("init", "--quiet");
    git("commit", "--quiet", "--allow-empty", "--message=released");
    for (const tag of tags) git("tag", tag);
    git("branch", "refs/tags/v1.2.3");
    git("clone", "--quiet", "--bare", ".", "../origin");
    if (tags.length > 0) git("tag", "--delete", ...tags);
    git("remote", "add", "origin", "../origin");
  };
  const pending = (): { status: number | null; said: string } =>
    world.release(["--pending"], [], process.env["PATH"] ?? "");
  beforeEach(() => {
    world = makeWorld(folder);
  });

  it.each<[string, (proved: World["proved"]) => World["proved"]]>([
    ["nothing", () => ({})],
    ["a part", (proved) => ({ "@hardened-mcp/redact": proved["@hardened-mcp/redact"]! })],
    ["everything", (proved) => proved],
  ])("it is, while it has no tag and the registry has %s", (_, published) => {
    origin("v1.2.2", "v1.2.30", "w/v1.2.3");
    world.has(published(world.proved));
    expect(pending()).toMatchObject({ status: 0 });
    expect(world.output()).toBe("pending=true\n");
  });

  it("it is not, when the tag is there, which comes last", () => {
    origin("v1.2.3");
    world.has(world.proved);
    expect(pending()).toMatchObject({ status: 0 });
    expect(world.output()).toBe("pending=false\n");
  });

  it("is refused an answer when it is tagged and lacks a package, which would come from another commit", () => {
    origin("v1.2.3");
    world.has({ "@hardened-mcp/redact": "sha512-x", "@hardened-mcp/server": "sha512-x" });
    expect(pending()).toMatchObject({
      status: 1,
      said: expect.stringMatching(/lacks @hardened-mcp\/database.*changeset/s),
    });
    expect(world.output()).toBe("");
  });

  it("is refused an answer when the repository gives none", () => {
    git("init", "--quiet");
    git("remote", "add", "origin", "../gone");
    expect(pending()).toMatchObject({ status: 1 });
    expect(world.output()).toBe("");
  });
});
