import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";
import { notesFile } from "./support/notes.ts";
import { openStdio, startHttp } from "./support/session.ts";

const PLAN = { id: "plan", text: "Ask first." };
const scopes = ["notes:read", "notes:write"];

test("who may write, once --allow-write is given", async (t) => {
  const { stored, ...options } = notesFile(t, [PLAN]);
  const { local: _, ...config } = options.config;
  const as = await startHttp(t, {
    ...options,
    config,
    flags: ["--allow-write"],
    callers: {
      writer: { roles: ["writer"], scopes },
      "without-role": { scopes },
      "without-scope": { roles: ["writer"], scopes: ["notes:read"] },
    },
  });

  for (const caller of ["without-role", "without-scope"] as const) {
    await t.test(`for a caller ${caller} the tool that writes is not there`, async () => {
      const session = await as(caller);
      const before = stored();
      assert.deepEqual(await session.toolNames(), ["read_note"]);
      await assert.rejects(session.call("add_note", { id: "new", text: "Hello." }), /no such tool/);
      assert.equal(stored(), before);
    });
  }

  for (const generation of ["new", "old"] as const) {
    await t.test(`a writer with a client of the ${generation} generation reads notes, and adds one`, async () => {
      const session = await as("writer", generation);
      assert.deepEqual(await session.toolNames(), ["read_note", "add_note"]);
      assert.deepEqual((await session.call("read_note", { id: "plan" })).structuredContent, PLAN);
      const id = `from-${generation}`;
      const before = JSON.parse(stored());
      assert.deepEqual((await session.call("add_note", { id, text: "Bread." })).structuredContent, { id });
      assert.deepEqual(JSON.parse(stored()), [...before, { id, text: "Bread." }]);
      assert.ok((await session.resourceUris()).includes(`note://${id}`));
      assert.match(await session.readResource(`note://${id}`), /^Bread\.$/m);
      assert.ok(!readdirSync(options.folder).some((name) => name.endsWith(".tmp")));
    });
  }
});

test("without --allow-write the tool that writes is not there, and the notes that are shipped are read", async (t) => {
  const { folder, config } = notesFile(t, []);
  const session = await openStdio(t, { folder, config: { ...config, notesFile: "data/notes.json" } });
  assert.deepEqual(await session.toolNames(), ["read_note"]);
  await assert.rejects(session.call("add_note", { id: "new", text: "Hello." }), /no such tool/);
  assert.equal((await session.call("read_note", { id: "welcome" })).structuredContent?.["id"], "welcome");
});
