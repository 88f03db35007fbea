import assert from "node:assert/strict";
import { test } from "node:test";
import { openNotesSession } from "./support/notes.ts";
import type { SessionOptions } from "./support/session.ts";

const NOTES = [{ id: "plan", text: "Ask first." }];

const MAY_NOT_WRITE: readonly (readonly [what: string, options: SessionOptions])[] = [
  ["without --allow-write", {}],
  ["without the role that the policy asks for", { flags: ["--allow-write"], config: { local: {} } }],
  [
    "without the scope that the tool asks for",
    { flags: ["--allow-write"], config: { local: { roles: ["writer"], scopes: ["notes:read"] } } },
  ],
];

for (const [what, options] of MAY_NOT_WRITE) {
  test(`${what} the tool that writes is not there`, async (t) => {
    const session = await openNotesSession(t, NOTES, options);
    const before = session.stored();
    assert.deepEqual(await session.toolNames(), ["read_note"]);
    await assert.rejects(session.call("add_note", { id: "new", text: "Hello." }), /no such tool/);
    assert.equal(session.stored(), before);
  });
}
