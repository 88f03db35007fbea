import { readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type AuditErrorCode, openAuditLog } from "../../src/index.ts";
import { GENESIS, leafHash } from "../../src/record/leaf.ts";
import { expectProvable, segmentsOf } from "../folder-check.ts";
import { FIRST, intent, open, outcome, records, temporaryFolder, writeLog } from "../support.ts";

const CHECKPOINTS = "checkpoints-00000000000000000000.txt";
const SMALL = { server: "test", maxSegmentBytes: 64 * 1024 };

async function segmented(): Promise<string> {
  const dir = temporaryFolder();
  const log = await openAuditLog({ dir, ...SMALL });
  for (let i = 0; i < 600; i++) log.write(outcome(`r${i}`));
  await log.close();
  return dir;
}

function change(dir: string, name: string, edit: (lines: string[]) => string[]): void {
  const path = join(dir, name);
  const lines = readFileSync(path, "latin1").split("\n").slice(0, -1);
  writeFileSync(
    path,
    edit(lines)
      .map((line) => `${line}\n`)
      .join(""),
    "latin1",
  );
}

/** Chains anew from `from` on, as somebody would who may write to the folder and has no key. */
function rechain(lines: string[], from: number): string[] {
  let prev = from === 0 ? GENESIS : JSON.parse(lines[from - 1]!).hash;
  return lines.map((line, i) => {
    if (i < from) return line;
    const body = line.replace(/"prev":"[^"]*","hash":"[^"]*"}$/, `"prev":"${prev}"`);
    prev = leafHash(body);
    return `${body},"hash":"${prev}"}`;
  });
}

const newest = (dir: string) => segmentsOf(dir).at(-1)!;
const checkpointsFor = (name: string) => name.replace("audit-", "checkpoints-").replace(".jsonl", ".txt");

test.each<[string, AuditErrorCode, RegExp, (dir: string) => void]>([
  [
    "an end that was cut off",
    "damaged",
    /shorter than its last checkpoint/,
    (dir) => change(dir, newest(dir), (lines) => lines.slice(0, -2)),
  ],
  ["the newest segment deleted", "damaged", /segment is missing/, (dir) => rmSync(join(dir, newest(dir)))],
  ["a segment in the middle deleted", "damaged", /segment is missing/, (dir) => rmSync(join(dir, segmentsOf(dir)[1]!))],
  [
    "every segment deleted",
    "damaged",
    /segment is missing/,
    (dir) => {
      for (const name of segmentsOf(dir)) rmSync(join(dir, name));
    },
  ],
  [
    "the newest segment rewritten and chained anew",
    "damaged",
    /not the ones that were signed/,
    (dir) => {
      rmSync(join(dir, "head.json"));
      change(dir, newest(dir), (lines) =>
        rechain(lines.with(3, lines[3]!.replace('"isError":false', '"isError":true')), 3),
      );
    },
  ],
  [
    "the newest segment rewritten from its first record",
    "damaged",
    /begin with the edge|not the ones that were signed/,
    (dir) => {
      rmSync(join(dir, "head.json"));
      change(dir, newest(dir), (lines) =>
        rechain(lines.with(0, lines[0]!.replace('"frontier.0":"', '"frontier.9":"')), 0),
      );
    },
  ],
  [
    "a record of the part behind the last checkpoint removed",
    "damaged",
    /does not follow/,
    (dir) => change(dir, newest(dir), (lines) => lines.toSpliced(-2, 1)),
  ],
  [
    "all checkpoints removed",
    "damaged",
    /checkpoints were removed/,
    (dir) => {
      for (const name of readdirSync(dir).filter((one) => one.startsWith("checkpoints-"))) rmSync(join(dir, name));
    },
  ],
  [
    "the last checkpoint changed",
    "damaged",
    /signature is false/,
    (dir) => {
      const path = join(dir, checkpointsFor(newest(dir)));
      const notes = readFileSync(path, "utf8");
      const root = notes.trimEnd().split("\n").at(-3)!;
      writeFileSync(
        path,
        notes.replace(
          root,
          root.replace(/^./, (first) => (first === "A" ? "B" : "A")),
        ),
      );
    },
  ],
  [
    "something else among the checkpoints",
    "damaged",
    /no checkpoint/,
    (dir) => {
      writeFileSync(join(dir, checkpointsFor(newest(dir))), "text\n\n\u2014 a AAAAAAAA\n\n", { flag: "a" });
    },
  ],
])("refuses to start on %s", async (_name, code, message, attack) => {
  const dir = await segmented();
  attack(dir);
  await expect(openAuditLog({ dir, ...SMALL })).rejects.toMatchObject({
    code,
    message: expect.stringMatching(message),
  });
  expect(readdirSync(dir)).not.toContain("writer.lock");
});

test("refuses another log's checkpoints, also of the same key", async () => {
  const [dir, other] = [temporaryFolder(), temporaryFolder()];
  await writeLog(dir, 5);
  writeFileSync(join(other, "signing.key"), readFileSync(join(dir, "signing.key")), { mode: 0o600 });
  await writeLog(other, 5);
  writeFileSync(join(dir, CHECKPOINTS), readFileSync(join(other, CHECKPOINTS)));
  await expect(open(dir)).rejects.toMatchObject({ code: "damaged" });
});

test("refuses a key that is not the log's, and says how to change keys", async () => {
  const [dir, other] = [temporaryFolder(), temporaryFolder()];
  await writeLog(dir, 5);
  await writeLog(other, 5);
  for (const name of ["signing.key", "signing.pub"])
    writeFileSync(join(dir, name), readFileSync(join(other, name)), { mode: 0o600 });
  await expect(open(dir)).rejects.toMatchObject({ code: "wrong_key" });
  rmSync(join(dir, "signing.pub"));
  await expect(open(dir)).rejects.toMatchObject({ code: "wrong_key" });
});

test("a key that was put on the list, but never announced, does not sign", async () => {
  const [dir, other] = [temporaryFolder(), temporaryFolder()];
  await writeLog(dir, 5);
  await writeLog(other, 5);
  writeFileSync(join(dir, "signing.pub"), readFileSync(join(other, "signing.pub")), { flag: "a" });
  rmSync(join(dir, "signing.key"));
  writeFileSync(join(dir, "signing.key"), readFileSync(join(other, "signing.key")), { mode: 0o600 });
  await expect(open(dir)).rejects.toMatchObject({ code: "wrong_key", message: expect.stringMatching(/rotate-key/) });
});

test("a start that crashed before its first checkpoint is no reason to refuse", async () => {
  const dir = temporaryFolder();
  await (await open(dir)).close();
  rmSync(join(dir, CHECKPOINTS));
  await writeLog(dir, 1);
  expectProvable(dir);
});

test("names calls without outcome once, also those from before the last checkpoint", async () => {
  const dir = temporaryFolder();
  const first = await open(dir);
  for (const ref of ["a", "b", "c"]) first.write(intent(ref));
  await first.checkpoint();
  first.write(outcome("b"));
  first.write(intent("d"));
  await first.close();
  const second = await open(dir);
  expect(second.recovered.unfinished.map(({ ref, seq, tool }) => [ref, seq, tool?.name])).toEqual([
    ["a", 1, "write_file"],
    ["c", 3, "write_file"],
    ["d", 5, "write_file"],
  ]);
  await second.close();
  expect(records(dir).filter(({ type }) => type === "log.unfinished")).toMatchObject([
    { ref: "a", detail: { intent: 1 } },
    { ref: "c", detail: { intent: 3 } },
    { ref: "d", detail: { intent: 5 } },
  ]);
  const third = await open(dir);
  expect(third.recovered).toEqual({ cutBytes: 0, unfinished: [] });
  await third.close();
});

test("reads no more than it has to, and still finds the calls without outcome when the hint is gone", async () => {
  const dir = temporaryFolder();
  const first = await open(dir);
  first.write(intent("a"));
  await first.checkpoint();
  await first.close();
  rmSync(join(dir, "head.json"));
  const second = await open(dir);
  expect(second.recovered.unfinished.map(({ ref }) => ref)).toEqual(["a"]);
  await second.close();
});

test("a cut in the middle of the last record is a crash, however far it goes back to the last checkpoint", async () => {
  const dir = temporaryFolder();
  const log = await open(dir);
  log.write(outcome("r0"));
  await log.checkpoint();
  log.write(outcome("r1"));
  await log.durable();
  const bytes = readFileSync(join(dir, FIRST)).length;
  // Without log.stopped and its checkpoint, as after SIGKILL.
  const checkpoints = readFileSync(join(dir, CHECKPOINTS));
  await log.close();
  writeFileSync(join(dir, CHECKPOINTS), checkpoints);
  truncateSync(join(dir, FIRST), bytes - 40);
  const again = await open(dir);
  expect(again.recovered.cutBytes).toBeGreaterThan(100);
  await again.close();
  expectProvable(dir);
});
