import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";
import { openNotesSession } from "./support/notes.ts";
import { openSession } from "./support/session.ts";

const NOTES = [{ id: "plan", text: "Ask first." }];

for (const client of ["new", "old"] as const) {
  test(`the ${client} generation of clients reads notes, and adds one where that is allowed`, async (t) => {
    const session = await openNotesSession(t, NOTES, { client, flags: ["--allow-write"] });
    assert.deepEqual(await session.toolNames(), ["read_note", "add_note"]);
    assert.deepEqual((await session.call("read_note", { id: "plan" })).structuredContent, NOTES[0]);

    const added = { id: "shopping", text: "Bread." };
    assert.deepEqual((await session.call("add_note", added)).structuredContent, { id: "shopping" });
    assert.deepEqual(JSON.parse(session.stored()), [...NOTES, added]);
    assert.deepEqual(
      readdirSync(session.folder).filter((name) => name.endsWith(".tmp")),
      [],
    );

    assert.deepEqual(await session.resourceUris(), ["note://plan", "note://shopping"]);
    assert.match(await session.readResource("note://shopping"), /^Bread\.$/m);
  });
}

test("the notes that are shipped can be read", async (t) => {
  const session = await openSession(t);
  const { structuredContent } = await session.call("read_note", { id: "welcome" });
  assert.equal(structuredContent?.["id"], "welcome");
});

test("an added note never takes the place of another one, nor more room than there is", async (t) => {
  const session = await openNotesSession(t, NOTES, { flags: ["--allow-write"], config: { maxNotes: 2 } });
  const codeOf = async (id: string) => {
    const { structuredContent } = await session.call("add_note", { id, text: "Mine now." });
    return structuredContent?.error?.code;
  };
  const before = session.stored();
  assert.equal(await codeOf("plan"), "conflict");
  assert.equal(session.stored(), before);
  assert.equal(await codeOf("second"), undefined);
  assert.equal(await codeOf("third"), "too_large");
});
