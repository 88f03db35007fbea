import assert from "node:assert/strict";
import { test } from "node:test";
import { codeOf, openStdio } from "@hardened-mcp/server/testing";
import { notesFile } from "./support/notes.ts";

const NOTES = [
  { id: "plan", text: "Ask first." },
  { id: "hidden", text: "Lunch\u202e at\u200b noon.\u{e0041}" },
  { id: "token", text: `ghp_${"a1B2c3D4e5F6".repeat(3)}` },
];

const REFUSED: readonly (readonly [what: string, tool: string, args: Record<string, unknown>, code: string])[] = [
  ["an argument that nobody declared", "read_note", { id: "plan", file: "/etc/passwd" }, "invalid_input"],
  ["no argument at all", "read_note", {}, "invalid_input"],
  ["the wrong type", "read_note", { id: ["plan"] }, "invalid_input"],
  ["an id that is a path", "read_note", { id: "../../etc/passwd" }, "invalid_input"],
  ["an id in other letters", "read_note", { id: "PLAN" }, "invalid_input"],
  ["an id with a hidden character", "read_note", { id: "plan\u200b" }, "invalid_input"],
  ["an id that every object has", "read_note", { id: "constructor" }, "not_found"],
  ["an id that is taken", "add_note", { id: "plan", text: "Mine now." }, "conflict"],
  ["a note that is too large", "add_note", { id: "big", text: "x".repeat(10_001) }, "invalid_input"],
  ["a note without text", "add_note", { id: "empty", text: "" }, "invalid_input"],
];

test("what a hostile client sends, and what stands in a note", async (t) => {
  const { folder, config, store, stored } = notesFile(t, NOTES);
  const own = { ...config, maxNotes: NOTES.length + 1, maxBytes: 1024, local: { roles: ["writer"] } };
  const session = await openStdio(t, { folder, config: own, flags: ["--allow-write"] });
  const before = stored();

  for (const [what, tool, args, code] of REFUSED) {
    await t.test(`${what} is refused`, async () => assert.equal(codeOf(await session.call(tool, args)), code));
  }

  await t.test("another spelling of a resource is no resource", async () => {
    for (const uri of ["note://%70lan", "note://PLAN", "note://../plan", "note://plan/", "file:///etc/passwd"]) {
      await assert.rejects(session.readResource(uri), uri);
    }
  });

  await t.test("nothing of it has changed the notes", () => assert.equal(stored(), before));

  await t.test("hidden characters are shown", async () => {
    const { structuredContent } = await session.call("read_note", { id: "hidden" });
    assert.equal(structuredContent?.["text"], "Lunch\\u{202E} at\\u{200B} noon.\\u{E0041}");
  });

  await t.test("a token does not leave", async () => {
    const answer = await session.call("read_note", { id: "token" });
    assert.doesNotMatch(JSON.stringify(answer), /ghp_/);
  });

  await t.test("a note is marked as data, by the tool and as a resource", async () => {
    const [text] = (await session.call("read_note", { id: "plan" })).content;
    for (const told of [text?.text ?? "", await session.readResource("note://plan")])
      assert.match(told, /<untrusted-data-\w+>\n.*Ask first\./);
  });

  await t.test("there are never more notes, nor more bytes, than there is room for", async () => {
    const add = async (id: string, text = "Mine now.") => codeOf(await session.call("add_note", { id, text }));
    assert.equal(await add("too-large", "ü".repeat(500)), "too_large");
    assert.equal(await add("one-more"), undefined);
    assert.equal(await add("too-many"), "too_large");
  });

  await t.test("a file that has grown too large meanwhile is not read", async () => {
    store(JSON.stringify([{ id: "plan", text: "x".repeat(1024) }]));
    assert.equal(codeOf(await session.call("read_note", { id: "plan" })), "internal");
  });

  await t.test("the text of an exception does not leave", async () => {
    store('[{ "id": "plan", "text": "password=hunter2');
    const answer = await session.call("read_note", { id: "plan" });
    assert.equal(codeOf(answer), "internal");
    assert.doesNotMatch(JSON.stringify(answer), /hunter2|JSON|notes\.json/);
  });
});
