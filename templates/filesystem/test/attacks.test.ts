import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs, { linkSync, mkdirSync, readdirSync, readFileSync, renameSync, symlinkSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { codeOf, openStdio } from "@hardened-mcp/server/testing";
import { locate, openFolders } from "../src/folders.ts";
import { createText } from "../src/text.ts";
import { served } from "./support/served.ts";

const SECRET = "outside-content-5d1f";
const FILES = {
  "in.txt": "inside",
  "dir/x.txt": "x",
  ".env": SECRET,
  ".git/HEAD": SECRET,
  "secrets/key": SECRET,
  "id_rsa.txt": SECRET,
  "binary.txt": "a\0b",
  "large.txt": "x".repeat(1001),
  "flip/file.txt": "inside",
};

/** Each is asked for by both tools. What no path leads to is `denied`, whether there is something or not. */
const PATHS: readonly (readonly [what: string, path: string, read: string, create?: string])[] = [
  ["an absolute path", "/etc/passwd", "denied"],
  ["an absolute path behind a folder's name", "files//etc/passwd", "denied"],
  ["a climb", "files/../beside.txt", "denied"],
  ["a climb in the middle", "files/dir/../../beside.txt", "denied"],
  ["a climb from the folder's name", "../beside.txt", "denied"],
  ["the file by another spelling", "files/./in.txt", "denied"],
  ["a folder that is not served", "beside/in.txt", "denied"],
  ["a folder by other letters", "FILES/in.txt", "denied"],
  ["a link to a file outside", "files/link-out", "denied", "conflict"],
  ["a link to a file inside", "files/link-in", "denied", "conflict"],
  ["a link to nothing", "files/dangling", "denied", "conflict"],
  ["a file through a link to a folder outside", "files/dir-out/beside.txt", "denied"],
  ["a file that is not there, through a link to a folder outside", "files/dir-out/absent", "denied"],
  ["a hard link to a file outside", "files/hard", "denied", "conflict"],
  ["a FIFO", "files/fifo", "denied", "conflict"],
  ["a link to a device", "files/zero", "denied", "conflict"],
  ["a hidden name", "files/.env", "denied"],
  ["a hidden name in a folder", "files/dir/.npmrc", "denied"],
  ["a file below a hidden name", "files/.git/HEAD", "denied"],
  ["a denied name", "files/secrets/key", "denied"],
  ["a denied name in other letters", "files/ID_RSA.txt", "denied"],
  ["NUL", "files/in.txt\0.md", "invalid_input"],
  ["a line break", "files/in.txt\n", "invalid_input"],
  ["letters that are not composed", "files/u\u0308.txt", "invalid_input"],
  ["a path that is too long", `files/${"x".repeat(300)}`, "invalid_input"],
  ["dots that look like dots", "files/\uff0e\uff0e/beside.txt", "denied"],
  ["a slash that looks like a slash", "files/..\u2215/beside.txt", "denied"],
  ["a climb in escapes", "files/%2e%2e/beside.txt", "not_found"],
  ["a folder", "files/dir", "invalid_input", "conflict"],
  ["text that is none", "files/binary.txt", "invalid_input", "conflict"],
  ["a file that is too large", "files/large.txt", "too_large", "conflict"],
];

test("what a hostile client sends", async (t) => {
  const { folder, root, write, config } = served(t, FILES);
  write("outside/beside.txt", SECRET);
  write("outside/file.txt", SECRET);
  write("beside.txt", SECRET);
  symlinkSync(join(folder, "beside.txt"), join(root, "link-out"));
  symlinkSync(join(folder, "absent"), join(root, "dangling"));
  symlinkSync(join(folder, "outside"), join(root, "dir-out"));
  symlinkSync("in.txt", join(root, "link-in"));
  symlinkSync("/dev/zero", join(root, "zero"));
  linkSync(join(folder, "outside/beside.txt"), join(root, "hard"));
  execFileSync("mkfifo", [join(root, "fifo")]);
  const local = { roles: ["writer"] };
  const session = await openStdio(t, { folder, config: { ...config, local }, flags: ["--allow-write"] });
  const before = readdirSync(root, { recursive: true });

  for (const [what, path, read, create = read] of PATHS) {
    await t.test(`${what} is refused, and nothing of the machine is told`, async () => {
      const answers = [
        await session.call("read_file", { path }),
        await session.call("create_file", { path, text: "mine" }),
      ];
      assert.deepEqual(answers.map(codeOf), [read, create]);
      const text = JSON.stringify(answers);
      for (const told of [SECRET, folder, "ENOENT", "PathError", "path/"]) assert.ok(!text.includes(told), told);
    });
  }

  const ARGUMENTS: readonly (readonly [what: string, tool: string, args: Record<string, unknown>, code: string])[] = [
    ["an argument that nobody declared", "read_file", { path: "files/in.txt", follow: true }, "invalid_input"],
    ["an argument that would overwrite", "create_file", { path: "files/n", text: "", force: true }, "invalid_input"],
    ["the wrong type", "read_file", { path: ["files/in.txt"] }, "invalid_input"],
    ["a text that is too large", "create_file", { path: "files/n", text: "ü".repeat(501) }, "too_large"],
    ["a text that is none", "create_file", { path: "files/n", text: "a\0" }, "invalid_input"],
    ["a file in a folder that is not there", "create_file", { path: "files/none/n", text: "" }, "not_found"],
  ];
  for (const [what, tool, args, code] of ARGUMENTS) {
    await t.test(`${what} is refused`, async () => assert.equal(codeOf(await session.call(tool, args)), code));
  }

  await t.test("a resource by another spelling, or of a file that is not served, is no resource", async () => {
    assert.match(await session.readResource("files:///files/in.txt"), /inside/);
    for (const path of ["files/%69n.txt", "files//in.txt", "files/dir/../in.txt", "files/dir%2Fx.txt", "files/.env"]) {
      await assert.rejects(session.readResource(`files:///${path}`), /no such resource/i, path);
    }
    for (const path of ["link-out", "hard", "fifo"])
      await assert.rejects(session.readResource(`files:///files/${path}`));
  });

  await t.test("links, special files and hidden names are in no list", async () => {
    const listed = (await session.resourceUris()).map((uri) => uri.slice("files:///files/".length));
    assert.deepEqual(listed, ["binary.txt", "dir/x.txt", "flip/file.txt", "hard", "in.txt", "large.txt"]);
  });

  await t.test("nothing of it has changed the folder", () => {
    assert.deepEqual(readdirSync(root, { recursive: true }), before);
    assert.equal(readFileSync(join(root, "in.txt"), "utf8"), "inside");
  });

  await t.test("a link swapped in between check and open leads nowhere", async () => {
    for (let batch = 0; batch < 5; batch++) {
      const calls = Array.from({ length: 10 }, (_, at) => [
        session.call("read_file", { path: "files/flip/file.txt" }),
        session.call("create_file", { path: `files/flip/${batch}-${at}.txt`, text: "mine" }),
      ]);
      await setImmediate();
      for (let swap = 0; swap < 1000; swap++) {
        renameSync(join(root, "flip"), join(root, "parked"));
        renameSync(join(root, "dir-out"), join(root, "flip"));
        renameSync(join(root, "flip"), join(root, "dir-out"));
        renameSync(join(root, "parked"), join(root, "flip"));
      }
      const answers = await Promise.all(calls.flat());
      assert.ok(!JSON.stringify(answers).includes(SECRET));
      assert.deepEqual(readdirSync(join(folder, "outside")), ["beside.txt", "file.txt"]);
    }
  });

  await t.test("a folder that was moved away is not served from another place", async () => {
    renameSync(root, join(folder, "moved"));
    const answer = await session.call("read_file", { path: "files/in.txt" });
    assert.equal(codeOf(answer), "denied");
    assert.ok(!JSON.stringify(answer).includes(folder));
  });
});

test("a list ends at 10,000 files and folders", async (t) => {
  const { folder, root, config, write } = served(t, { "a.txt": "" });
  for (let index = 0; index < 10_000; index++) mkdirSync(join(root, `${index}`));
  write("later/b.txt", "");
  const session = await openStdio(t, {
    folder,
    config: { ...config, roots: { files: root, later: join(folder, "later") } },
  });
  assert.ok(!(await session.resourceUris()).includes("files:///later/b.txt"));
});

test("a file that a full disk cuts short is not left behind", (t) => {
  const { root, config } = served(t);
  t.mock.method(fs, "fsyncSync", () => assert.fail("no space left"));
  syncBuiltinESMExports();
  t.after(() => {
    t.mock.restoreAll();
    syncBuiltinESMExports();
  });
  const place = locate(openFolders({ roots: config.roots, deny: [] }), "files/new.txt");
  assert.throws(() => createText(place, "half", 1000), { code: "io" });
  assert.deepEqual(readdirSync(root), []);
});
