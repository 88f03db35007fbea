import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { prove } from "../../scripts/release/prove.ts";

/** A workspace without packages: nothing speaks against it. What is done, in order. */
const done = vi.hoisted((): string[] => []);
vi.mock("../../scripts/pack/build.ts", () => ({ buildFromNothing: () => done.push("build from nothing") }));
vi.mock("../../scripts/pack/pack-workspace.ts", () => ({ packWorkspace: () => done.push("pack") && [] }));
vi.mock("../../scripts/release/sbom/make-sboms.ts", () => ({ makeSboms: () => new Map() }));

describe("proving a release", () => {
  let out: string;
  beforeEach(() => {
    done.length = 0;
    out = mkdtempSync(join(tmpdir(), "hardened-mcp-prove-"));
  });
  afterEach(() => rmSync(out, { recursive: true }));

  it("builds from nothing first, and leaves the proof", async () => {
    expect(await prove(out)).toEqual({ examined: [], proof: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect([done, existsSync(join(out, "release.json"))]).toEqual([["build from nothing", "pack"], true]);
  });

  it("leaves none of what was built already: nobody knows of what", async () => {
    expect(await prove(out, { asBuilt: true })).toEqual({ examined: [], proof: undefined });
    expect([done, existsSync(join(out, "release.json"))]).toEqual([["pack"], false]);
  });
});
