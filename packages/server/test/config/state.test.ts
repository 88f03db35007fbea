import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { secretFiles } from "../../src/config/secret-files.ts";
import { type SecretFolder, secretFolder } from "./support/folder.ts";
import { open, refusalOf, state } from "./support/security.ts";

const PASSWORD = "hunter2-and-more";
let folder: SecretFolder;
beforeEach(() => {
  folder = secretFolder();
});
afterEach(() => folder[Symbol.dispose]());

const key = (bytes = 32): string => folder.write("state.key", Buffer.alloc(bytes, 7));
const sqlite = (): string => `sqlite://${join(folder.path, "state.db")}`;

describe("a state that cannot be used", () => {
  it.each([
    ["no URL", () => state({}), /url or urlFile/],
    [
      "two URLs",
      () => state({ url: "memory:", urlFile: folder.write("url", "memory:") }),
      /url or urlFile, and not both/,
    ],
    ["postgres without a key", () => state({ url: "postgres://127.0.0.1/db" }), /state\.keyFile is missing.*umask 077/],
    ["redis without a key", () => state({ url: "redis://127.0.0.1" }), /state\.keyFile is missing/],
    [
      "a key that is too short",
      () => state({ url: sqlite(), keyFile: key(31) }),
      /state\.keyFile: .* fewer than 32 bytes/,
    ],
    [
      "an older key that is too short",
      () => state({ url: sqlite(), olderKeyFiles: [key(16)] }),
      /state\.olderKeyFiles: .* fewer than 32 bytes/,
    ],
    [
      "a key that others can read",
      () => state({ url: sqlite(), keyFile: folder.write("open", Buffer.alloc(32), 0o644) }),
      /can be read by others/,
    ],
    ["no URL at all", () => state({ url: "not a url" }), /^state: The state URL is not a URL/],
    ["a store that there is not", () => state({ url: "mysql://127.0.0.1/db" }), /^state: There is no state store/],
    ["a relative database", () => state({ url: "sqlite:state.db" }), /^state: The path of a SQLite store is absolute/],
    ["a database on a host", () => state({ url: "sqlite://host/state.db" }), /^state: The path of a SQLite store/],
    ["half an escape", () => state({ url: "sqlite:///tmp/%e" }), /^state: The state URL has a %/],
    [
      "a namespace with a space",
      () => state({ url: "memory:", namespace: "a b" }),
      /^state: openState needs a namespace/,
    ],
    [
      "a database below a file",
      () => state({ url: `sqlite://${folder.write("file", "x")}/a/state.db` }),
      /cannot be made/,
    ],
  ])("is bad configuration: %s", async (_, config, message) => {
    const refusal = await refusalOf(() => open({ state: config() }));
    expect(refusal.message).toMatch(message);
    expect(refusal.exitCode).toBe(78);
  });

  it.each([
    ["postgres", "postgres://someone:PW@127.0.0.1:1/db"],
    ["redis", "redis://:PW@127.0.0.1:1/0"],
  ])("is away, which is another exit code, and no password is told: %s", async (_, url) => {
    const urlFile = folder.write("url", url.replace("PW", PASSWORD));
    const refusal = await refusalOf(() => open({ state: state({ urlFile, keyFile: key() }) }));
    expect(refusal.exitCode).toBe(69);
    expect(refusal.message).toMatch(/^state: the store cannot be used at present \(.*ECONNREFUSED/);
    expect(`${refusal.stack} ${String((refusal.cause as Error).stack)}`).not.toContain(PASSWORD);
  });
});

describe("a password in the URL", () => {
  const urls = [`postgres://me:${PASSWORD}@127.0.0.1/db`, `rediss://:${PASSWORD}@store.example:6379/0`];

  it.each(urls)("is refused where the configuration is read, before anything prints it", (url) => {
    expect(() => state({ url })).toThrow(/holds a password.*state\.urlFile/);
    expect(() => state({ url })).not.toThrow(PASSWORD);
  });

  it.each(urls)("is refused by whoever opens it without the schema", async (url) => {
    const refusal = await refusalOf(() => open({ state: { ...state({}), url } }));
    expect(refusal.message).toMatch(/^state\.url holds a password/);
    expect(refusal.stack).not.toContain(PASSWORD);
  });

  it.each([
    `postgres://me:${PASSWORD}@host:port/db`,
    `redis://:${PASSWORD}#@127.0.0.1`,
    `postgres://127.0.0.1/db?password=${PASSWORD}`,
    `mysql://me:${PASSWORD}@127.0.0.1/db`,
  ])("is not told where the file with the URL holds nonsense", async (url) => {
    const config = state({ urlFile: folder.write("url", url), keyFile: key() });
    expect((await refusalOf(() => open({ state: config }))).stack).not.toContain(PASSWORD);
  });
});

describe("the key of a SQLite store", () => {
  it("is made beside it, for its owner alone, and used again", async () => {
    const path = join(folder.path, "state.db.key");
    const first = await open({ state: state({ url: sqlite() }) });
    expect(statSync(path)).toMatchObject({
      size: 32,
      mode: expect.toSatisfy((mode: number) => (mode & 0o777) === 0o600),
    });
    const made = readFileSync(path);
    expect(made).not.toEqual(Buffer.alloc(32));
    await first.security.close();
    await (await open({ state: state({ url: sqlite() }) })).security.close();
    expect(readFileSync(path)).toEqual(made);
    expect(readdirSync(folder.path).filter((name) => name.includes(".key"))).toEqual(["state.db.key"]);
  });

  it("is made in a new folder that is the owner's alone", async () => {
    const url = `sqlite://${join(folder.path, "a/b/state.db")}`;
    await (await open({ state: state({ url }) })).security.close();
    expect(statSync(join(folder.path, "a/b")).mode & 0o777).toBe(0o700);
  });

  it("is one, however many start at the same moment", async () => {
    const ROUNDS = 60;
    const gate = new SharedArrayBuffer(4 * (ROUNDS + 1));
    const racers = Array.from({ length: 3 }, () => race(folder.path, ROUNDS, 3, gate));
    const outcomes = await Promise.all(racers);
    for (let round = 0; round < ROUNDS; round++) {
      const seen = outcomes.map((one) => one[round]);
      expect(seen).toEqual(Array(3).fill(readFileSync(join(folder.path, `${round}.db.key`), "hex")));
    }
  });
});

/** Opens one store after another, each together with the other racers; resolves to the keys that it read, or why not. */
function race(dir: string, rounds: number, racers: number, gate: SharedArrayBuffer): Promise<string[]> {
  const worker = new Worker(new URL("./support/key-racer.ts", import.meta.url), {
    workerData: { dir, rounds, racers, gate },
  });
  return new Promise((resolve, reject) => worker.once("message", resolve).once("error", reject));
}

describe("files that must not be served", () => {
  it("are the database, what SQLite keeps beside it, its key, and older keys", () => {
    const older = folder.write("older.key", Buffer.alloc(32));
    expect(secretFiles({ state: state({ url: "sqlite:///v/state.db", olderKeyFiles: [older] }) }).toSorted()).toEqual(
      [older, ...["", ".key", "-wal", "-shm", "-journal"].map((ending) => `/v/state.db${ending}`)].toSorted(),
    );
  });

  it("are the same where the URL stands in a file", () => {
    const urlFile = folder.write("url", `${sqlite()}\n`);
    const files = secretFiles({ state: state({ urlFile }) });
    expect(files).toEqual(
      expect.arrayContaining([urlFile, join(folder.path, "state.db"), join(folder.path, "state.db.key")]),
    );
  });

  it("are the key and the URL of a store elsewhere", () => {
    const urlFile = folder.write("url", "redis://127.0.0.1");
    expect(secretFiles({ state: state({ urlFile, keyFile: "/v/state.key" }) })).toEqual(["/v/state.key", urlFile]);
  });
});
