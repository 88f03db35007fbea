import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { codeOf, openStdio, startHttp } from "@hardened-mcp/server/testing";
import { served } from "./support/served.ts";

const scopes = ["files:read", "files:write"];

test("who may create a file, once --allow-write is given", async (t) => {
  const { folder, root, config } = served(t, { "a b.md": "one\ntwo\nthree", "notes/ü.txt": "deep\n" });
  const callers = {
    writer: { roles: ["writer"], scopes },
    "without-role": { scopes },
    "without-scope": { roles: ["writer"], scopes: ["files:read"] },
  };
  const as = await startHttp(t, { folder, config, flags: ["--allow-write"], callers });

  for (const caller of ["without-role", "without-scope"] as const) {
    await t.test(`for a caller ${caller} the tool that creates is not there`, async () => {
      const session = await as(caller);
      assert.deepEqual(await session.toolNames(), ["read_file"]);
      await assert.rejects(session.call("create_file", { path: "files/new.md", text: "x" }), /no such tool/);
      assert.deepEqual(readdirSync(root), ["a b.md", "notes"]);
    });
  }

  for (const generation of ["new", "old"] as const) {
    await t.test(`a writer with a client of the ${generation} generation reads, and creates a file`, async () => {
      const session = await as("writer", generation);
      assert.deepEqual(await session.toolNames(), ["read_file", "create_file"]);
      const whole = await session.call("read_file", { path: "files/a b.md" });
      assert.deepEqual(whole.structuredContent, { text: "one\ntwo\nthree", lines: 3 });
      const part = await session.call("read_file", { path: "files/a b.md", firstLine: 2, lastLine: 2 });
      assert.deepEqual(part.structuredContent, { text: "two\n", lines: 3 });
      const resource = await session.readResource("files:///files/notes/%C3%BC.txt");
      assert.match(resource, /deep\n/);
      for (const told of [whole.content[0]?.text, resource]) assert.match(told ?? "", /^<untrusted-data-\w+>/m);
      const made = await session.call("create_file", { path: `files/notes/${generation}.md`, text: "ü" });
      assert.deepEqual(made.structuredContent, { bytes: 2 });
      assert.equal(readFileSync(join(root, `notes/${generation}.md`), "utf8"), "ü");
      assert.equal(statSync(join(root, `notes/${generation}.md`)).mode & 0o777, 0o600);
    });
  }

  await t.test("of two calls that create the same file at once, one does, and the file is whole", async () => {
    const session = await as("writer");
    const texts = ["a".repeat(1000), "b".repeat(1000)];
    const race = async (name: string) => {
      const create = texts.map((text) => session.call("create_file", { path: `files/${name}`, text }));
      const codes = (await Promise.all(create)).map(codeOf);
      assert.deepEqual(codes.toSorted(), ["conflict", undefined]);
      assert.equal(readFileSync(join(root, name), "utf8"), texts[codes.indexOf(undefined)]);
    };
    await Promise.all(Array.from({ length: 10 }, (_, index) => race(`${index}.txt`)));
  });
});

test("without --allow-write a writer reads every listed file, and the tool that creates is not there", async (t) => {
  const odd = ["a%2Fb", "a~b!", "a#b?", "a|b^", "ü", "a\\b", " "];
  const many = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`sub/n${index}`, ""]));
  const oddly = Object.fromEntries(odd.map((name) => [`odd/${name}`, `[${name}]`]));
  const { folder, root, config } = served(t, { ...many, ...oddly });
  const roots = { files: root, shipped: "files" };
  const session = await openStdio(t, { folder, config: { ...config, roots, local: { roles: ["writer"] } } });

  assert.deepEqual(await session.toolNames(), ["read_file"]);
  await assert.rejects(session.call("create_file", { path: "files/new.md", text: "x" }), /no such tool/);
  assert.deepEqual(readdirSync(root), ["odd", "sub"]);

  // More than a page of them.
  const uris = await session.resourceUris();
  assert.equal(uris.filter((uri) => uri.startsWith("files:///files/sub/n")).length, 200);
  const shipped = ["notes/ideas.txt", "notes/plan.md", "welcome.md"].map((path) => `files:///shipped/${path}`);
  assert.deepEqual(uris.slice(-3), shipped);
  const texts = await Promise.all(uris.filter((uri) => !uri.includes("/sub/")).map((uri) => session.readResource(uri)));
  for (const [at, name] of odd.toSorted().entries()) assert.ok(texts[at]?.includes(`[${name}]`), name);
  assert.match(texts.at(-1) ?? "", /# Welcome/);
});
