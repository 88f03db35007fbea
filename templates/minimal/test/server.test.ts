import assert from "node:assert/strict";
import { test } from "node:test";
import { openSession } from "./support/session.ts";

for (const client of ["new", "old"] as const) {
  test(`the ${client} generation of clients reads a note`, async (t) => {
    const session = await openSession(t, { client });
    assert.deepEqual(await session.toolNames(), ["read_note"]);
    const { structuredContent } = await session.call("read_note", { id: "plan" });
    assert.deepEqual(structuredContent, { text: "plan" });
  });
}
