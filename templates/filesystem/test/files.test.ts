import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { codeOf, served } from "./support/served.ts";

for (const client of ["new", "old"] as const) {
  test(`the ${client} generation of clients reads, and creates where that is allowed`, async (t) => {
    const { root, open } = served(t, { "a b.md": "one\ntwo\nthree", "notes/ü.txt": "deep\n" });
    const session = await open({ client, flags: ["--allow-write"] });
    assert.deepEqual(await session.toolNames(), ["read_file", "create_file"]);
    const whole = await session.call("read_file", { path: "files/a b.md" });
    assert.deepEqual(whole.structuredContent, { text: "one\ntwo\nthree", lines: 3 });
    const part = await session.call("read_file", { path: "files/a b.md", firstLine: 2, lastLine: 2 });
    assert.deepEqual(part.structuredContent, { text: "two\n", lines: 3 });
    assert.match(await session.readResource("files:///files/notes/%C3%BC.txt"), /deep\n/);
    const made = await session.call("create_file", { path: "files/notes/new.md", text: "ü" });
    assert.deepEqual(made.structuredContent, { bytes: 2 });
    assert.equal(readFileSync(join(root, "notes/new.md"), "utf8"), "ü");
    assert.equal(statSync(join(root, "notes/new.md")).mode & 0o777, 0o600);
  });
}

test("every listed file can be read by its URI, page after page, whatever it is called", async (t) => {
  const odd = ["a%2Fb", "a~b!", "a#b?", "a|b^", "ü", "a\\b", " "];
  const many = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`sub/n${index}`, ""]));
  const { root, open } = served(t, { ...many, ...Object.fromEntries(odd.map((name) => [`odd/${name}`, `[${name}]`])) });
  const session = await open({ config: { roots: { files: root, shipped: "files" } } });
  const uris = await session.resourceUris();
  assert.equal(uris.filter((uri) => uri.startsWith("files:///files/sub/n")).length, 200);
  const shipped = ["notes/ideas.txt", "notes/plan.md", "welcome.md"].map((path) => `files:///shipped/${path}`);
  assert.deepEqual(uris.slice(-3), shipped);
  const read = uris.filter((uri) => !uri.includes("/sub/"));
  const texts = await Promise.all(read.map((uri) => session.readResource(uri)));
  for (const [at, name] of odd.toSorted().entries()) assert.ok(texts[at]?.includes(`[${name}]`), name);
  assert.match(texts.at(-1) ?? "", /# Welcome/);
});

test("of two calls that create the same file at once, one does, and the file is whole", async (t) => {
  const { root, open } = served(t);
  const session = await open({ flags: ["--allow-write"] });
  const texts = ["a".repeat(1000), "b".repeat(1000)];
  const race = async (name: string) => {
    const create = texts.map((text) => session.call("create_file", { path: `files/${name}`, text }));
    const codes = (await Promise.all(create)).map(codeOf);
    assert.deepEqual(codes.toSorted(), ["conflict", undefined]);
    assert.equal(readFileSync(join(root, name), "utf8"), texts[codes.indexOf(undefined)]);
  };
  await Promise.all(Array.from({ length: 15 }, (_, index) => race(`${index}.txt`)));
});
