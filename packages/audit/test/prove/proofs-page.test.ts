import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parseAnchorNote, proveRecord, type RecordProof } from "../../src/index.ts";
import { OWNER, sampleLog, THIEF } from "../support/attack.ts";
import { buildLog, checkpointFile, notesOf } from "../support/build-log.ts";
import { testSigner } from "../support/keys.ts";
import { temporaryFolder } from "../support.ts";

const PAGE = join(import.meta.dirname, "../../../../docs/audit/proofs.md");
const [, CHECKER = ""] = /^```js\n(\/\/ check-proof\.mjs.*?)^```$/ms.exec(readFileSync(PAGE, "utf8")) ?? [];
const KEY = OWNER.key.text;

/** Runs the page's checker as its reader would: a file of its own, with nothing of ours beside it. */
function check(proof: unknown, ...keys: string[]): Promise<{ code: number; out: string }> {
  const dir = temporaryFolder();
  writeFileSync(join(dir, "check-proof.mjs"), CHECKER);
  writeFileSync(join(dir, "proof.json"), JSON.stringify(proof));
  return new Promise((resolve) => {
    execFile(process.execPath, ["check-proof.mjs", "proof.json", ...keys], { cwd: dir }, (error, stdout) =>
      resolve({ code: Number(error?.code ?? 0), out: stdout }),
    );
  });
}

async function sampleProof(seq = 7): Promise<RecordProof> {
  const dir = join(temporaryFolder(), "log");
  sampleLog(dir);
  return proveRecord(dir, seq, { keys: [OWNER.key] });
}

test("the checker on the page is short, and needs nothing but Node", () => {
  expect(CHECKER.split("\n").length).toBeLessThan(100);
  expect([...CHECKER.matchAll(/from "([^"]+)"/g)].map(([, name]) => name)).toEqual(["node:crypto", "node:fs"]);
});

test("the checker on the page accepts real proofs of logs of many sizes", async () => {
  for (const calls of [1, 2, 3, 5, 7, 12, 20]) {
    const dir = join(temporaryFolder(), "log");
    const log = buildLog(dir);
    log.calls(calls);
    log.checkpoint();
    log.calls(calls + 1);
    log.stop();
    const kept = notesOf(dir, checkpointFile(0)).map((note) => parseAnchorNote(note)!);
    for (const seq of new Set([0, calls, log.size - 1])) {
      for (const from of [undefined, [kept[0]!], [kept[1]!]]) {
        const proof = await proveRecord(dir, seq, { keys: [OWNER.key], from });
        const { out, code } = await check(proof, KEY);
        expect(out).toContain(`proved: record ${seq} of ${log.id}, in the tree of ${log.size} records`);
        expect(code).toBe(0);
      }
    }
  }
});

/** Changes the lowest bit but one of a character: a letter becomes another, also in base64. */
const flip = (text: string, at: number) =>
  `${text.slice(0, at)}${String.fromCharCode(text.charCodeAt(at) ^ 2)}${text.slice(at + 1)}`;
const last = (text: string) => text.length - 1;
const step = (proof: RecordProof, name: "inclusion" | "consistency", change: Partial<RecordProof["inclusion"]>) => ({
  ...proof,
  [name]: { ...proof[name], ...change },
});
const notes = ["inclusion", "consistency"] as const;

test.each<[string, (proof: RecordProof) => unknown]>([
  ["the record", (p) => ({ ...p, record: flip(p.record, 120) })],
  ["the record's hash", (p) => ({ ...p, record: flip(p.record, p.record.length - 10) })],
  ["the record's end", (p) => ({ ...p, record: flip(p.record, last(p.record)) })],
  ["the number", (p) => ({ ...p, seq: p.seq ^ 2 })],
  ["the log", (p) => ({ ...p, log: flip(p.log, 7) })],
  ...notes.flatMap((name): [string, (proof: RecordProof) => unknown][] => [
    [`${name}: the log of the checkpoint`, (p) => step(p, name, { checkpoint: flip(p[name].checkpoint, 7) })],
    [
      `${name}: the size`,
      (p) => step(p, name, { checkpoint: flip(p[name].checkpoint, p[name].checkpoint.indexOf("\n") + 1) }),
    ],
    [
      `${name}: the root`,
      (p) => step(p, name, { checkpoint: flip(p[name].checkpoint, p[name].checkpoint.indexOf("\n\n") - 20) }),
    ],
    [
      `${name}: the key's id`,
      (p) => step(p, name, { checkpoint: flip(p[name].checkpoint, p[name].checkpoint.indexOf("\u2014") + 9) }),
    ],
    [
      `${name}: the signature`,
      (p) => step(p, name, { checkpoint: flip(p[name].checkpoint, p[name].checkpoint.length - 20) }),
    ],
    [`${name}: the first hash`, (p) => step(p, name, { hashes: p[name].hashes.with(0, flip(p[name].hashes[0]!, 5)) })],
    [
      `${name}: the last hash`,
      (p) => step(p, name, { hashes: p[name].hashes.with(-1, flip(p[name].hashes.at(-1)!, 42)) }),
    ],
    [`${name}: a hash too many`, (p) => step(p, name, { hashes: [...p[name].hashes, p[name].hashes[0]!] })],
    [`${name}: a hash too few`, (p) => step(p, name, { hashes: p[name].hashes.slice(1) })],
  ]),
  ["the two checkpoints exchanged", (p) => ({ ...p, inclusion: p.consistency, consistency: p.inclusion })],
  ["everything left out", () => ({})],
])("the checker on the page refuses a proof with one bit changed in %s", async (_, change) => {
  const { out, code } = await check(change(await sampleProof()), KEY);
  expect(out).toMatch(/^NOT PROVED: /);
  expect(code).toBe(1);
});

test("the checker on the page refuses another key, no key, and what is no key", async () => {
  const proof = await sampleProof();
  for (const keys of [[THIEF.key.text], [], [flip(KEY, 8)], ["x"]]) {
    expect(await check(proof, ...keys)).toMatchObject({ code: 1, out: expect.stringMatching(/^NOT PROVED/) });
  }
});

test("the checker on the page follows a change of key when it is given both", async () => {
  const dir = join(temporaryFolder(), "log");
  const next = testSigner("key-2");
  const log = buildLog(dir);
  log.calls(2);
  log.checkpoint();
  log.rotateKey(next);
  log.calls(2);
  log.stop();
  const proof = await proveRecord(dir, 3, { keys: [OWNER.key] });
  expect((await check(proof, KEY, next.key.text)).code).toBe(0);
  expect((await check(proof, next.key.text)).code).toBe(1);
});
