import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type TestFolder, testFolder } from "./support/folder.ts";
import { openSession } from "./support/session.ts";

interface Intent {
  readonly tool: { readonly name: string; readonly def: string };
  readonly args: {
    readonly shape: Readonly<Record<string, string>>;
    readonly plain?: Readonly<Record<string, string>>;
    readonly hashed?: Readonly<Record<string, string>>;
  };
}

const text = (folder: TestFolder): string =>
  readdirSync(folder.audit, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".jsonl"))
    .map((name) => readFileSync(join(folder.audit, name), "utf8"))
    .join("");

/** What the record has of each call, in order. */
const intents = (folder: TestFolder): Intent[] =>
  text(folder)
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Intent & { readonly type: string })
    .filter(({ type, tool }) => type === "call.intent" && !tool.name.includes("/"));

/** Every tool that takes a path, and the resource, once on the same secret file or its directory. */
async function used(auditPaths?: "hash" | "plain"): Promise<Disposable & { folder: TestFolder }> {
  const folder = testFolder({ "canary-1.txt": "x", "canary-dir/a.txt": "x" });
  const config = join(folder.path, "config.json");
  writeFileSync(config, JSON.stringify(auditPaths === undefined ? {} : { auditPaths }));
  await using session = await openSession(folder, { args: ["--config", config] });
  for (const name of ["read_text_file", "read_file", "get_file_info", "read_media_file"]) {
    expect((await session.call(name, { path: "canary-1.txt" })).isError).toBe(false);
  }
  for (const name of ["list_directory", "list_directory_with_sizes", "directory_tree"]) {
    expect((await session.call(name, { path: "canary-dir" })).isError).toBe(false);
  }
  await session.call("read_multiple_files", { paths: ["canary-1.txt", "gone-canary"] });
  await session.call("search_files", { path: "canary-dir", pattern: "**/*canary*", excludePatterns: ["*canary*"] });
  await session.call("search_content", { path: "canary-dir", pattern: "canary", include: "*canary*" });
  await session.readResource(`file://${join(folder.root, "canary-1.txt")}`);
  return { folder, [Symbol.dispose]: () => folder[Symbol.dispose]() };
}

describe("the record of a call", () => {
  it("holds no path and no pattern, and lets equal ones be matched", async () => {
    using made = await used();
    // The roots are in the record of the configuration; nothing that a caller sent is.
    expect(text(made.folder)).not.toContain("canary");
    const calls = intents(made.folder);
    expect(calls).toHaveLength(11);
    expect(calls[0]?.args.shape).toEqual({ path: "string:12" });
    const paths = calls.map(({ args }) => args.hashed?.["path"] ?? args.hashed?.["paths"]);
    // Four reads of one file; six looks into one directory; a list of two; and the resource, by its URI's path.
    expect(paths.every((path) => /^[\w-]{43}$/.test(path ?? ""))).toBe(true);
    expect(new Set(paths).size).toBe(4);
    expect(new Set(paths.slice(0, 4)).size).toBe(1);
    const patterns = calls.flatMap(({ args }) => args.hashed?.["pattern"] ?? []);
    expect(patterns).toHaveLength(2);
  });

  it("holds paths, and still no pattern, where the operator asks for them", async () => {
    using made = await used("plain");
    const calls = intents(made.folder);
    expect(calls[0]?.args.plain).toEqual({ path: "canary-1.txt" });
    expect(calls.find(({ tool }) => tool.name === "read_multiple_files")?.args.plain).toEqual({
      paths: '["canary-1.txt","gone-canary"]',
    });
    const search = calls.find(({ tool }) => tool.name === "search_content");
    expect(search?.args).toMatchObject({
      plain: { path: "canary-dir" },
      hashed: { pattern: expect.stringMatching(/^[\w-]{43}$/) },
      shape: { pattern: "string:6", include: "string:8" },
    });
    expect(text(made.folder)).not.toContain("*canary*");
  });

  it("tells a server that shows paths from one that does not by the hash of each definition", async () => {
    using hashed = await used();
    using plain = await used("plain");
    const defs = (folder: TestFolder) => intents(folder).map(({ tool }) => tool.def);
    for (const [at, def] of defs(plain.folder).entries()) expect(def).not.toBe(defs(hashed.folder)[at]);
  });
});

describe("the record of a start", () => {
  it("has the configuration in force", async () => {
    using folder = testFolder({});
    const config = join(folder.path, "config.json");
    writeFileSync(config, JSON.stringify({ limits: { deadlineMs: 4321 } }));
    await (await openSession(folder, { args: ["--config", config] }))[Symbol.asyncDispose]();
    const loaded = text(folder)
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { type: string; detail: Record<string, unknown> })
      .find(({ type }) => type === "config.loaded");
    expect(loaded?.detail).toMatchObject({
      what: "server",
      digest: expect.stringMatching(/^[\w-]{43}$/),
      "config.roots": 1,
      "config.roots.0": folder.root,
      "config.auditPaths": "hash",
      "config.limits.deadlineMs": 4321,
      "config.redact.secrets": true,
    });
    expect(loaded?.detail["cut"]).toBeUndefined();
  });
});
