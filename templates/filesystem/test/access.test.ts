import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";
import { served } from "./support/served.ts";
import type { SessionOptions } from "./support/session.ts";

const MAY_NOT_WRITE: readonly (readonly [what: string, options: SessionOptions])[] = [
  ["without --allow-write", {}],
  ["without the role that the policy asks for", { flags: ["--allow-write"], config: { local: {} } }],
  [
    "without the scope that the tool asks for",
    { flags: ["--allow-write"], config: { local: { roles: ["writer"], scopes: ["files:read"] } } },
  ],
];

for (const [what, options] of MAY_NOT_WRITE) {
  test(`${what} the tool that writes is not there`, async (t) => {
    const { root, open } = served(t);
    const session = await open(options);
    assert.deepEqual(await session.toolNames(), ["read_file"]);
    await assert.rejects(session.call("create_file", { path: "files/new.md", text: "x" }), /no such tool/);
    assert.deepEqual(readdirSync(root), []);
  });
}
