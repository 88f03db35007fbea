import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { testFolder } from "./support/folder.ts";
import { body, code, openApi } from "./support/session.ts";
import { referenceApi } from "./support/upstreams/index.ts";

const TOKEN = "canary-token-8d21f4";

describe("the credential of an API", () => {
  it("reaches the API, and neither the caller nor the log, also where the API echoes it", async () => {
    using folder = testFolder();
    await using api = await referenceApi({ admits: ({ headers }) => headers["authorization"] === `Bearer ${TOKEN}` });
    const token = { file: folder.write("token", `${TOKEN}\n`) };
    await using session = await openApi(folder, api, { api: { credential: { type: "bearer", token } } });
    const answer = await session.call("tell_credential", {});
    expect(answer.isError).toBe(false);
    expect(answer.text).toContain("***");
    expect(JSON.stringify([answer, folder.records()])).not.toContain(TOKEN);
    expect(api.requests.at(-1)?.headers["authorization"]).toBe(`Bearer ${TOKEN}`);
  });

  it("comes from a command, too", async () => {
    using folder = testFolder();
    await using api = await referenceApi();
    const key = { command: [process.execPath, "-e", `console.log("${TOKEN}")`] };
    const credential = { type: "api_key", name: "X-API-Key", key };
    await using session = await openApi(folder, api, { api: { credential } });
    expect(await code(session, "get_item", { id: 1 })).toBe("ok");
    expect(api.requests.at(-1)?.headers["x-api-key"]).toBe(TOKEN);
    expect(JSON.stringify(folder.records())).not.toContain(TOKEN);
  });
});

describe("files", () => {
  it("are sent from an upload folder, and from nowhere else", async () => {
    using folder = testFolder();
    await using api = await referenceApi();
    const outbox = join(folder.path, "outbox");
    mkdirSync(outbox);
    folder.write("outbox/note.txt", "to be sent");
    const outside = folder.write("private.txt", "canary-file");
    symlinkSync(outside, join(outbox, "link.txt"));
    const operations = { write: ["uploadFile"] };
    // The configuration lies beside the folder, not in it.
    const opening = { args: ["--allow-write"], api: { operations, uploads: { roots: [outbox] } } };
    await using session = await openApi(folder, api, opening);
    expect(await body(session, "upload_file", { body: "note.txt" })).toMatchObject({
      body: Buffer.from("to be sent").toString("base64"),
    });
    for (const path of ["link.txt", "../private.txt", outside, "/etc/passwd", ".env", "gone.txt"]) {
      const before = api.requests.length;
      expect(["denied", "not_found", "invalid_input"]).toContain(await code(session, "upload_file", { body: path }));
      expect(api.requests.length).toBe(before);
    }
  });

  it("are no argument of any tool where there is no such folder", async () => {
    using folder = testFolder();
    await using api = await referenceApi();
    await using session = await openApi(folder, api, {
      args: ["--allow-write"],
      api: { operations: { write: ["uploadFile"] } },
    });
    expect((await session.listTools()).map(({ name }) => name)).not.toContain("upload_file");
  });
});
