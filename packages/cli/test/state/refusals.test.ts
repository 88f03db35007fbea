import { chmodSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { startRedis } from "../../../state/test/support/redis.ts";
import { freePort } from "../../../state/test/support/test-server.ts";
import { cli } from "../support/cli.ts";
import { folder, scene } from "../support/stores.ts";

const LIST = ["switches", "list"];
const SECRET = "hunter2-secret";

test.each([
  ["redis", `redis://:${SECRET}@127.0.0.1:1`],
  ["postgres", `postgres://ada:${SECRET}@127.0.0.1:1/db`],
])("a password on the command line is refused and not repeated: %s", async (_, url) => {
  const { code, out, err } = await cli([...LIST, "--state", url, "--state-key", "/nowhere"]);
  expect(err).toContain("--state-url-file");
  expect(out + err).not.toContain(SECRET);
  expect(code).toBe(64);
});

test.each([
  ["as something that follows no flag", [`redis://:${SECRET}@127.0.0.1:1`]],
  ["behind a flag with a slip in it", [`--stat=redis://:${SECRET}@127.0.0.1:1`]],
  ["in what is no URL", ["--state", `redis//:${SECRET}@127.0.0.1:1`]],
])("a password is not repeated %s", async (_, args) => {
  const { code, out, err } = await cli([...LIST, ...args]);
  expect(out + err).not.toContain(SECRET);
  expect(code).toBe(64);
});

test("a URL with a password is taken from a file that only its owner can read", async () => {
  const redis = await startRedis({ args: ["--requirepass", SECRET] });
  onTestFinished(() => redis.stop());
  const { keyFile } = await scene();
  const urlFile = join(folder(), "state.url");
  writeFileSync(urlFile, `redis://:${SECRET}@127.0.0.1:${redis.port}\n`, { mode: 0o600 });
  const flags = ["--state-url-file", urlFile, "--state-key", keyFile];
  expect(await cli([...LIST, ...flags])).toMatchObject({ code: 0, err: "" });

  writeFileSync(urlFile, `redis://:${SECRET}x@127.0.0.1:${redis.port}\n`);
  const wrong = await cli([...LIST, ...flags]);
  expect(wrong.code).toBe(69);
  expect(wrong.out + wrong.err).not.toContain(SECRET);

  chmodSync(urlFile, 0o640);
  const open = await cli([...LIST, ...flags]);
  expect(open).toMatchObject({ code: 78, err: expect.stringContaining("can be read by others") });
  expect(open.out + open.err).not.toContain(SECRET);
});

test.each([0o644, 0o640, 0o604, 0o666])("a key of mode %o is refused", async (mode) => {
  const { flags, keyFile } = await scene();
  chmodSync(keyFile, mode);
  const { code, err } = await cli([...LIST, ...flags]);
  expect(err).toContain(`chmod 600 ${keyFile}`);
  expect(code).toBe(78);
});

test.each([
  ["missing", (file: string) => rmSync(file), "cannot be read (ENOENT)"],
  ["empty", (file: string) => writeFileSync(file, ""), "is empty"],
  ["too short", (file: string) => writeFileSync(file, "short"), "32 random bytes"],
  ["too large", (file: string) => writeFileSync(file, Buffer.alloc(70_000)), "larger than"],
  [
    "a device without end",
    (file: string) => {
      rmSync(file);
      symlinkSync("/dev/zero", file);
    },
    "is not a file",
  ],
])("a key that is %s is refused", async (_, spoil, message) => {
  const { flags, keyFile } = await scene();
  spoil(keyFile);
  const { code, err } = await cli([...LIST, ...flags]);
  expect(err).toContain(message);
  expect(code).toBe(78);
});

test("a path with a slip in it makes no database that says nothing is switched off", async () => {
  const { keyFile } = await scene();
  const wrong = join(dirname(keyFile), "sate.db");
  for (const key of [[], ["--state-key", keyFile]]) {
    const { code, err } = await cli([...LIST, "--state", `sqlite://${wrong}`, ...key]);
    expect(err).toContain("There is no database");
    expect(code).toBe(78);
  }
  expect(existsSync(wrong) || existsSync(`${wrong}.key`)).toBe(false);
});

test("a database where others can write is refused", async () => {
  const { flags, keyFile } = await scene();
  chmodSync(dirname(keyFile), 0o777);
  expect(await cli([...LIST, ...flags])).toMatchObject({ code: 78, err: expect.stringContaining("Others may write") });
});

test("another key than the servers' is tampering to it, and sets nothing in force", async () => {
  const { flags, keyFile } = await scene();
  await cli(["switches", "set", ...flags, "--read-only", "--why", "incident"]);
  writeFileSync(keyFile, Buffer.alloc(32, 7));
  expect(await cli([...LIST, ...flags])).toMatchObject({ code: 1, err: expect.stringContaining("tampered") });
});

test("an older key still verifies while keys are changed", async () => {
  const { flags, keyFile } = await scene();
  await cli(["switches", "set", ...flags, "--read-only", "--why", "incident"]);
  const newer = join(folder(), "newer.key");
  writeFileSync(newer, Buffer.alloc(32, 7), { mode: 0o600 });
  const { code, out } = await cli([...LIST, ...flags, "--state-key", newer, "--state-key", keyFile]);
  expect(out).toContain("read-only for everyone");
  expect(code).toBe(0);
});

test("a path with spaces and percent signs is the file that servers use", async () => {
  const dir = join(folder(), "a b%2f");
  mkdirSync(dir, { mode: 0o700 });
  writeFileSync(join(dir, "state.db"), "", { mode: 0o600 });
  writeFileSync(join(dir, "state.db.key"), Buffer.alloc(32, 1), { mode: 0o600 });
  const url = `sqlite://${encodeURI(dir)}/state.db`;
  expect(await cli([...LIST, "--state", url])).toMatchObject({ code: 0, err: "" });
});

test("a store that nobody answers for ends with 69, within the patience of a person", async () => {
  const { keyFile } = await scene();
  const { code, err } = await cli([
    ...LIST,
    "--state",
    `redis://127.0.0.1:${await freePort()}`,
    "--state-key",
    keyFile,
  ]);
  expect(err).toContain("ECONNREFUSED");
  expect(code).toBe(69);
});

test.each([
  [[], 64, "give --state or --state-url-file"],
  [["--state", "sqlite:///a", "--state-url-file", "b"], 64, "give --state or --state-url-file"],
  [["--state", "memory:"], 64, "lives within one server"],
  [["--state", "state.db"], 64, "no URL"],
  [["--state", "redis://127.0.0.1:1"], 64, "--state-key is needed"],
  [["--state", "mysql://127.0.0.1/db", "--state-key", "KEY"], 78, 'no state store "mysql:"'],
  [["--state", "redis://store.example:1", "--state-key", "KEY"], 78, "would not be encrypted"],
  [["--state", "redis://127.0.0.1:1", "--state-key", "KEY", "--namespace", "a b"], 78, "needs a namespace"],
  [["--state", "rediss://127.0.0.1:1", "--state-key", "KEY", "--state-ca-file", "/nowhere"], 78, "--state-ca-file"],
])("%j ends with %i", async (args, expected, message) => {
  const { keyFile } = await scene();
  const { code, out, err } = await cli([...LIST, ...args.map((arg) => (arg === "KEY" ? keyFile : arg))]);
  expect(err).toContain(message);
  expect({ code, out }).toEqual({ code: expected, out: "" });
});
