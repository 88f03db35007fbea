import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";
import { openNotesSession } from "./support/notes.ts";
import { openSession } from "./support/session.ts";

const NOTES = [{ id: "plan", text: "Ask first." }];

for (const client of ["new", "old"] as const) {
  test(`the ${client} generation of clients reads a note that is shipped`, async (t) => {
    const session = await openSession(t, { client });
    assert.deepEqual(await session.toolNames(), ["read_note"]);
    const { structuredContent } = await session.call("read_note", { id: "team-lunch" });
    assert.deepEqual(structuredContent, { id: "team-lunch", text: "Thursday at noon, in the small kitchen." });
    assert.match(await session.readResource("note://team-lunch"), /Thursday at noon/);
  });

  test(`the ${client} generation of clients adds a note where that is allowed`, async (t) => {
    const session = await openNotesSession(t, NOTES, { client, flags: ["--allow-write"] });
    assert.deepEqual(await session.toolNames(), ["read_note", "add_note"]);
    const added = await session.call("add_note", { id: "shopping", text: "Bread." });
    assert.deepEqual(added.structuredContent, { id: "shopping" });
    assert.deepEqual(JSON.parse(session.stored()), [...NOTES, { id: "shopping", text: "Bread." }]);
    assert.deepEqual(
      readdirSync(session.folder).filter((name) => name.endsWith(".tmp")),
      [],
    );
  });
}

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
