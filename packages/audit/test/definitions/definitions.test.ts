import { chmodSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { compareDefinitions } from "../../src/definitions/definitions.ts";
import type { AuditTool } from "../../src/index.ts";
import { temporaryFolder } from "../support.ts";

const READ: AuditTool = { name: "read", def: "hash-1", effect: "read" };
const SEND: AuditTool = { name: "send", def: "hash-2", effect: "external" };

/** What changed, in short, at each of several starts in a row. */
function starts(...toolsOf: readonly (readonly AuditTool[])[]) {
  const dir = temporaryFolder();
  return toolsOf.map((tools) => compareDefinitions(dir, tools).map(({ tool, detail }) => ({ ...tool, ...detail })));
}

describe("the definitions of a start", () => {
  test("are compared with nothing at the first one, and change nothing when they are the same", () => {
    expect(starts([READ, SEND], [READ, SEND], [SEND, READ])).toEqual([[], [], []]);
  });

  test("show a tool that was changed, with the hash it had", () => {
    const changed = { ...READ, def: "hash-9" };
    expect(starts([READ, SEND], [changed, SEND], [changed, SEND])).toEqual([
      [],
      [{ ...changed, change: "changed", was: "hash-1" }],
      [],
    ]);
  });

  test("show a tool that is new, and one that is gone", () => {
    expect(starts([READ], [SEND])[1]).toEqual([
      { ...SEND, change: "added" },
      { name: "read", change: "removed", was: "hash-1" },
    ]);
  });

  test("keep what a tool was while it is off, so that a change meanwhile is not one that is only new", () => {
    const dir = temporaryFolder();
    const start = (tools: readonly AuditTool[], off: readonly string[] = []) =>
      compareDefinitions(dir, tools, off).map(({ tool, detail }) => ({ ...tool, ...detail }));
    start([READ, SEND]);
    expect(start([READ], ["send"])).toEqual([]);
    expect(start([READ], ["send"])).toEqual([]);
    expect(start([READ, { ...SEND, def: "other" }])).toEqual([
      { ...SEND, def: "other", change: "changed", was: "hash-2" },
    ]);
    expect(start([READ])).toEqual([{ name: "send", change: "removed", was: "other" }]);
  });

  test("tell a tool from a prompt of the same name", () => {
    const prompt = { name: "read", def: "hash-p", effect: "read" } as const;
    expect(starts([READ, prompt], [READ, { ...prompt, def: "other" }], [READ])).toEqual([
      [],
      [{ ...prompt, def: "other", change: "changed", was: "hash-p" }],
      [{ name: "read", change: "removed", was: "other" }],
    ]);
  });

  test("are kept in a private file, and none beside it is left", () => {
    const dir = temporaryFolder();
    compareDefinitions(dir, [READ]);
    expect(readdirSync(dir)).toEqual(["definitions.json"]);
    expect(statSync(join(dir, "definitions.json")).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(join(dir, "definitions.json"), "utf8"))).toEqual({
      v: 1,
      tools: { read: "hash-1" },
    });
  });
});

describe("the file of definitions", () => {
  test.each([
    ["empty", ""],
    ["cut off", '{"v":1,"tools":{"re'],
    ["of another version", '{"v":2,"tools":{}}'],
    ["a list", '{"v":1,"tools":["read"]}'],
    ["without hashes", '{"v":1,"tools":{"read":7}}'],
    ["null", "null"],
    ["too large", " ".repeat(3 * 1024 * 1024)],
  ])("counts as none when it is %s, and is written anew", (_, text) => {
    const dir = temporaryFolder();
    writeFileSync(join(dir, "definitions.json"), text, { mode: 0o600 });
    expect(compareDefinitions(dir, [READ])).toEqual([]);
    expect(compareDefinitions(dir, [SEND])).toHaveLength(2);
  });

  test("is refused when it is a link, or others can write it", () => {
    const link = temporaryFolder();
    symlinkSync("/etc/hostname", join(link, "definitions.json"));
    expect(() => compareDefinitions(link, [READ])).toThrow(expect.objectContaining({ code: "unavailable" }));
    const open = temporaryFolder();
    writeFileSync(join(open, "definitions.json"), "{}");
    chmodSync(join(open, "definitions.json"), 0o666);
    expect(() => compareDefinitions(open, [READ])).toThrow(expect.objectContaining({ code: "insecure" }));
  });
});
