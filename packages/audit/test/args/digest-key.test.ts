import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { openDigester } from "../../src/args/digest-key.ts";
import { idOfKey } from "../../src/args/key-files.ts";
import type { LogEvent } from "../../src/index.ts";
import { temporaryFolder } from "../support.ts";

const DAY = 86_400_000;
const START = 1_800_000_000_000;
const EPOCH = 30 * DAY;

/** A digester on a clock that the test sets, and what it told its log. */
function digesterAt(dir: string, days = 0) {
  const clock = { at: START + days * DAY };
  const told: (readonly [type: string, key: unknown])[] = [];
  const onKey = ({ type, detail }: LogEvent): void => void told.push([type.slice(4), detail?.["key"]]);
  const digester = openDigester(dir, { now: () => clock.at, onKey });
  const to = (day: number): void => {
    clock.at = START + day * DAY;
  };
  return { digester, told, to };
}

const keysIn = (dir: string): string[] => readdirSync(dir).filter((name) => name.includes("key"));
const keyFile = (days: number): string => `digest-${START + days * DAY}.key`;
const write = (dir: string, name: string, byte: number, size = 32): Buffer => {
  const key = Buffer.alloc(size, byte);
  writeFileSync(join(dir, name), key, { mode: 0o600 });
  return key;
};

describe("a digest", () => {
  test("is equal for equal arguments, in any order of members, over restarts", () => {
    const dir = temporaryFolder();
    const a = openDigester(dir).digest({ path: "x", n: [1, { b: 2, a: null }] });
    const b = openDigester(dir).digest({ n: [1, { a: null, b: 2 }], path: "x" });
    expect(a).toEqual(b);
    expect(a.bytes).toBe('{"n":[1,{"a":null,"b":2}],"path":"x"}'.length);
  });

  test.each<[unknown, unknown]>([
    [{ a: "1" }, { a: 1 }],
    [
      { a: undefined, b: 1 },
      { a: null, b: 1 },
    ],
    [["a", "b"], ["a,b"]],
    [{ '"a":1,"b"': 2 }, { a: 1, b: 2 }],
    [{ __proto__: null, x: 1 }, { y: 1 }],
    [{ at: new Date(0) }, { at: new Date(1) }],
    [{ at: new Map([["a", 1]]) }, { at: new Map([["a", 2]]) }],
    [{ at: new Set(["a"]) }, { at: new Set(["b"]) }],
    [{ at: new URL("http://a/") }, { at: new URL("http://b/") }],
  ])("tells %j from %j", (left, right) => {
    const { digest } = openDigester(temporaryFolder());
    expect(digest(left).digest).not.toBe(digest(right).digest);
  });

  test("differs between two logs", () => {
    const [a, b] = [openDigester(temporaryFolder()), openDigester(temporaryFolder())];
    expect(a.digest("4111111111111111").digest).not.toBe(b.digest("4111111111111111").digest);
    expect(a.keyId).not.toBe(b.keyId);
  });

  test("of values nested too deeply is refused, instead of exhausting the stack", () => {
    let deep: unknown = 1;
    for (let i = 0; i < 100_000; i++) deep = [deep];
    expect(() => openDigester(temporaryFolder()).digest(deep)).toThrow(expect.objectContaining({ code: "invalid" }));
  });
});

describe("the key", () => {
  test("is private and complete, in a file named after when it was made", () => {
    const dir = temporaryFolder();
    const { digester, told } = digesterAt(dir);
    const path = join(dir, keyFile(0));
    expect(keysIn(dir)).toEqual([keyFile(0)]);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(idOfKey(readFileSync(path))).toBe(digester.keyId);
    expect(told).toEqual([["digest_key", digester.keyId]]);
  });

  test("is used for its epoch, and told to the log once", () => {
    const dir = temporaryFolder();
    const first = digesterAt(dir).digester.digest("x");
    const { digester, told } = digesterAt(dir, 29.9);
    expect(digester.digest("x")).toEqual(first);
    expect(told).toEqual([]);
  });

  test("is destroyed by the first digest after its epoch, which is under a new one", () => {
    const dir = temporaryFolder();
    const { digester, told, to } = digesterAt(dir);
    const [id, first] = [digester.keyId, digester.digest("x")];
    to(30);
    expect(digester.digest("x").digest).not.toBe(first.digest);
    expect(keysIn(dir)).toEqual([keyFile(30)]);
    expect(told.slice(1)).toEqual([
      ["digest_key_destroyed", id],
      ["digest_key", digester.keyId],
    ]);
    expect(digester.keyId).not.toBe(id);
  });

  test("is destroyed at the start after its epoch", () => {
    const dir = temporaryFolder();
    const { digester: old } = digesterAt(dir);
    const { digester, told } = digesterAt(dir, 31);
    expect(keysIn(dir)).toEqual([keyFile(31)]);
    expect(told).toEqual([
      ["digest_key_destroyed", old.keyId],
      ["digest_key", digester.keyId],
    ]);
  });

  test("is overwritten before its file is deleted", () => {
    const dir = temporaryFolder();
    const { digester, to } = digesterAt(dir);
    // A second name of the file shows what is in it after the first is gone.
    linkSync(join(dir, keyFile(0)), join(dir, "witness"));
    to(30);
    digester.digest("x");
    expect(readFileSync(join(dir, "witness"))).toEqual(Buffer.alloc(32));
  });

  test("is refused when it is a link, has the wrong size, or others can write it", () => {
    const short = temporaryFolder();
    write(short, keyFile(0), 7, 5);
    expect(() => digesterAt(short)).toThrow(expect.objectContaining({ code: "damaged" }));
    const link = temporaryFolder();
    symlinkSync("/etc/hostname", join(link, keyFile(0)));
    expect(() => digesterAt(link)).toThrow(expect.objectContaining({ code: "insecure" }));
    const open = temporaryFolder();
    write(open, keyFile(0), 7);
    chmodSync(join(open, keyFile(0)), 0o666);
    expect(() => digesterAt(open)).toThrow(expect.objectContaining({ code: "insecure" }));
  });

  test("whose end has come and that cannot be replaced stops the digests", () => {
    const dir = temporaryFolder();
    const { digester, to } = digesterAt(dir);
    // A folder in the place where the next key is made ready: not even root gets around it.
    mkdirSync(join(dir, "digest.key.new"));
    to(30);
    for (const _ of "12") {
      expect(() => digester.digest("x")).toThrow(expect.objectContaining({ code: "unavailable" }));
    }
    expect(existsSync(join(dir, keyFile(0)))).toBe(false);
  });
});

describe("a clock that was set back", () => {
  test("neither loses the key nor lets it live for more than an epoch from then", () => {
    const dir = temporaryFolder();
    const { digester } = digesterAt(dir);
    const first = digester.digest("x");
    const back = digesterAt(dir, -300);
    expect(back.digester.digest("x")).toEqual(first);
    back.to(-270);
    expect(back.digester.digest("x")).not.toEqual(first);
    expect(keysIn(dir)).toEqual([`digest-${START + 1}.key`]);
  });

  test("while the server runs takes nothing from, and gives nothing to, the key's time", () => {
    const { digester, to } = digesterAt(temporaryFolder());
    const first = digester.digest("x");
    to(20);
    digester.digest("x");
    to(5);
    expect(digester.digest("x")).toEqual(first);
    to(14);
    expect(digester.digest("x")).toEqual(first);
    // 20 days, and 10 after it was set back.
    to(15);
    expect(digester.digest("x")).not.toEqual(first);
  });

  test("brings no destroyed key back", () => {
    const dir = temporaryFolder();
    const { digester, to } = digesterAt(dir);
    const first = digester.digest("x");
    to(30);
    const second = digester.digest("x");
    to(1);
    expect(digester.digest("x")).toEqual(second);
    expect(digesterAt(dir, 1).digester.digest("x")).toEqual(second);
    expect(second).not.toEqual(first);
  });
});

describe("a start after a crash", () => {
  const crashes: readonly [string, (dir: string) => void, number, readonly string[]][] = [
    ["before a key was made", () => undefined, 0, [keyFile(0)]],
    ["while a key was made ready", (dir) => void write(dir, "digest.key.new", 1, 7), 0, [keyFile(0)]],
    [
      "after a key was put in place",
      (dir) => {
        write(dir, keyFile(-1), 1);
        linkSync(join(dir, keyFile(-1)), join(dir, "digest.key.new"));
      },
      0,
      [keyFile(-1), "digest.key.new"],
    ],
    ["after a key was overwritten", (dir) => void write(dir, keyFile(-31), 0), 0, [keyFile(0)]],
    [
      "after a key was overwritten, with the clock set back",
      (dir) => void write(dir, keyFile(-31), 0),
      -10,
      [keyFile(-10)],
    ],
    ["after a key was deleted", () => undefined, 0, [keyFile(0)]],
    [
      "that left several keys, as a restored backup does",
      (dir) => {
        write(dir, keyFile(-70), 1);
        write(dir, keyFile(-20), 2);
        write(dir, keyFile(-1), 3);
      },
      0,
      [keyFile(-1)],
    ],
    [
      "that left several keys, all of them over",
      (dir) => {
        write(dir, keyFile(-70), 1);
        write(dir, keyFile(-40), 2);
      },
      0,
      [keyFile(0)],
    ],
  ];

  test.each(crashes)("%s has one live key, and none that is over", (_, crash, day, left) => {
    const dir = temporaryFolder();
    crash(dir);
    const { digester } = digesterAt(dir, day);
    expect(keysIn(dir).sort()).toEqual([...left].sort());
    const [live = ""] = left;
    const key = readFileSync(join(dir, live));
    expect(idOfKey(key)).toBe(digester.keyId);
    expect(key).not.toEqual(Buffer.alloc(32));
    // Whatever was left behind is in nobody's way when the next key is made.
    const later = digesterAt(dir, day + 31);
    expect(keysIn(dir)).toEqual([keyFile(day + 31)]);
    expect(later.digester.keyId).not.toBe(digester.keyId);
  });
});

describe("the key of a log of the first version", () => {
  const first = (dir: string, days: number): Buffer => {
    const key = write(dir, "digest.key", 9);
    utimesSync(join(dir, "digest.key"), START / 1000, (START + days * DAY) / 1000);
    return key;
  };

  test("goes on for what is left of its epoch, so that digests go on to compare", () => {
    const dir = temporaryFolder();
    const key = first(dir, -10);
    const { digester, told, to } = digesterAt(dir);
    expect(keysIn(dir)).toEqual([keyFile(-10)]);
    expect(told).toEqual([["digest_key", idOfKey(key)]]);
    to(20);
    digester.digest("x");
    expect(keysIn(dir)).toEqual([keyFile(20)]);
  });

  test("is destroyed when its epoch is over", () => {
    const dir = temporaryFolder();
    const key = first(dir, -31);
    const { told } = digesterAt(dir);
    expect(keysIn(dir)).toEqual([keyFile(0)]);
    expect(told[0]).toEqual(["digest_key_destroyed", idOfKey(key)]);
  });

  test("that came back beside a newer one is destroyed", () => {
    const dir = temporaryFolder();
    first(dir, -10);
    write(dir, keyFile(-5), 3);
    digesterAt(dir);
    expect(keysIn(dir)).toEqual([keyFile(-5)]);
  });
});

test("an epoch is 30 days unless something else is asked for", () => {
  const dir = temporaryFolder();
  let at = START;
  const digester = openDigester(dir, { now: () => at });
  const { keyId } = digester;
  at += EPOCH - 1;
  digester.digest("x");
  expect(digester.keyId).toBe(keyId);
  at += 1;
  digester.digest("x");
  expect(digester.keyId).not.toBe(keyId);
  expect(() => openDigester(dir, { now: () => at, digestKeyMs: 1_000 })).not.toThrow();
});
