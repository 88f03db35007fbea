import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { checkpointsName } from "../../src/folder/segment.ts";
import { openCheckpoints } from "../../src/verify/checkpoint-cursor.ts";
import { buildLog } from "../support/build-log.ts";
import { temporaryFolder } from "../support.ts";

test("reads checkpoints one by one, with the line at which each stands", () => {
  const dir = temporaryFolder();
  const log = buildLog(dir);
  log.calls(1);
  log.checkpoint();
  const cursor = openCheckpoints(dir, checkpointsName(0));
  expect(cursor).toMatchObject({ exists: true, size: 1, next: { line: 1, old: true } });
  cursor.advance();
  expect(cursor).toMatchObject({ size: 3, next: { line: 7, old: true } });
  cursor.advance();
  expect(cursor).toMatchObject({ size: Number.POSITIVE_INFINITY, next: undefined });
  expect(cursor.rest(log.id)).toEqual({ bytes: 0, torn: true, line: 13 });
  cursor.close();
});

test("knows which were written since it began: their records may not have been read yet", () => {
  const dir = temporaryFolder();
  const log = buildLog(dir);
  const cursor = openCheckpoints(dir, checkpointsName(0));
  log.calls(1);
  log.checkpoint();
  cursor.advance();
  expect(cursor.next).toMatchObject({ old: false });
  cursor.close();
});

test("does not take what is written meanwhile for bytes that do not belong there", () => {
  const dir = temporaryFolder();
  const log = buildLog(dir);
  const cursor = openCheckpoints(dir, checkpointsName(0));
  cursor.advance();
  log.calls(1);
  log.checkpoint();
  expect(cursor.rest(log.id)).toMatchObject({ bytes: 0 });
  cursor.close();
});

test("a file that is missing has none", () => {
  const cursor = openCheckpoints(temporaryFolder(), checkpointsName(0));
  expect(cursor).toMatchObject({ exists: false, next: undefined });
  expect(cursor.rest("x")).toMatchObject({ bytes: 0 });
  cursor.close();
});

test.each<[string, string, boolean]>([
  ["the beginning of the log's id", "te", true],
  ["another id", "tx", false],
  ["half a size", "test/1\n1", true],
  ["a size that is none", "test/1\nx", false],
  ["half a root", "test/1\n12\nAAAA", true],
  ["half a dash", `test/1\n12\n${"A".repeat(43)}=\n\n\xe2\x80`, true],
  ["half a signature", `test/1\n12\n${"A".repeat(43)}=\n\n\xe2\x80\x94 key AAA`, true],
  [
    "two signatures without the empty line",
    `test/1\n12\n${"A".repeat(43)}=\n\n${"\xe2\x80\x94 key AAA\n".repeat(2)}`,
    true,
  ],
  ["text behind a signature", `test/1\n12\n${"A".repeat(43)}=\n\n\xe2\x80\x94 key AAA\nx`, false],
  ["zeros of a power cut", "test/1\n12\n\0\0\0", true],
  ["zeros in the middle", "test/1\n\0\0\n", false],
])("the end of a file, %s: torn %j", (_, bytes, torn) => {
  const dir = temporaryFolder();
  appendFileSync(join(dir, checkpointsName(0)), Buffer.from(bytes, "latin1"));
  const cursor = openCheckpoints(dir, checkpointsName(0));
  expect(cursor.rest("test/1")).toMatchObject({ bytes: bytes.length, torn });
  cursor.close();
});
