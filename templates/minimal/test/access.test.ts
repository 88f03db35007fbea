import assert from "node:assert/strict";
import { openSync, readdirSync, readFileSync, statSync } from "node:fs";
import { test } from "node:test";
import { openStdio, startHttp } from "@hardened-mcp/server/testing";
import { notesFile } from "./support/notes.ts";

const PLAN = { id: "plan", text: "Ask first." };
const NEW = { id: "new", text: "Hello." };
const scopes = ["notes:read", "notes:write"];

test("who may write, once --allow-write is given", async (t) => {
  const { folder, config, stored } = notesFile(t, [PLAN]);
  const callers = {
    writer: { roles: ["writer"], scopes },
    "without-role": { scopes },
    "without-scope": { roles: ["writer"], scopes: ["notes:read"] },
  };
  const as = await startHttp(t, { folder, config, flags: ["--allow-write"], callers });

  for (const caller of ["without-role", "without-scope"] as const) {
    await t.test(`for a caller ${caller} the tool that writes is not there`, async () => {
      const session = await as(caller);
      assert.deepEqual(await session.toolNames(), ["read_note"]);
      await assert.rejects(session.call("add_note", NEW), /no such tool/);
      assert.deepEqual(JSON.parse(stored()), [PLAN]);
    });
  }

  for (const generation of ["new", "old"] as const) {
    await t.test(`a writer with a client of the ${generation} generation reads notes, and adds one`, async () => {
      const session = await as("writer", generation);
      assert.deepEqual(await session.toolNames(), ["read_note", "add_note"]);
      assert.deepEqual((await session.call("read_note", { id: "plan" })).structuredContent, PLAN);
      const reader = openSync(config.notesFile, "r");
      const before = stored();
      const added = { id: `from-${generation}`, text: "Bread." };
      assert.deepEqual((await session.call("add_note", added)).structuredContent, { id: added.id });
      assert.deepEqual(JSON.parse(stored()).at(-1), added);
      assert.equal(readFileSync(reader, "utf8"), before, "whoever reads meanwhile has half of it");
      assert.equal(statSync(config.notesFile).mode & 0o077, 0);
      assert.ok((await session.resourceUris()).includes(`note://${added.id}`));
      assert.match(await session.readResource(`note://${added.id}`), /^Bread\.$/m);
      assert.ok(!readdirSync(folder).some((name) => name.endsWith(".tmp")));
    });
  }
});

test("without --allow-write the tool that writes is not there, and the notes that are shipped are read", async (t) => {
  const session = await openStdio(t, { config: { local: { roles: ["writer"] } } });
  assert.deepEqual(await session.toolNames(), ["read_note"]);
  await assert.rejects(session.call("add_note", NEW), /no such tool/);
  assert.equal((await session.call("read_note", { id: "welcome" })).structuredContent?.["id"], "welcome");
});
