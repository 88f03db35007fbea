import { closeSync, openSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { lastNote, readNotes } from "../../src/folder/notes.ts";
import { temporaryFolder } from "../support.ts";

const note = (i: number, signatures = 1) => `log/x\n${i}\nroot\n\n${`\u2014 key sig${i}\n`.repeat(signatures)}`;

function fileOf(text: string): number {
  const path = join(temporaryFolder(), "notes.txt");
  writeFileSync(path, text);
  const fd = openSync(path, "r+");
  onTestFinished(() => closeSync(fd));
  return fd;
}

test("gives out every whole note, oldest first, and knows where each ends", () => {
  const fd = fileOf(`${note(1)}\n${note(2, 2)}\n`);
  const read = [...readNotes(fd)];
  expect(read.map((one) => one.note)).toEqual([note(1), note(2, 2)]);
  expect(read.map((one) => one.end)).toEqual([
    Buffer.byteLength(note(1)) + 1,
    Buffer.byteLength(`${note(1)}${note(2, 2)}`) + 2,
  ]);
});

test("however a crash cut the file, what was whole before is given out, by both readers alike", () => {
  const whole = Array.from({ length: 90 }, (_, i) => `${note(i, 1 + (i % 16))}\n`);
  const bytes = Buffer.from(whole.join(""));
  fc.assert(
    fc.property(fc.nat(bytes.length), (length) => {
      const fd = fileOf("");
      writeFileSync(fd, bytes.subarray(0, length));
      const read = [...readNotes(fd)];
      expect(read.map((one) => `${one.note}\n`).join("")).toBe(whole.slice(0, read.length).join(""));
      expect(length - (read.at(-1)?.end ?? 0)).toBeLessThan(Buffer.byteLength(whole[read.length] ?? "x"));
      expect(lastNote(fd)).toEqual(read.at(-1));
    }),
    { numRuns: 100 },
  );
});

test("a file of something else is no file of notes, and is not read whole", () => {
  expect(() => [...readNotes(fileOf("x".repeat(1_000_000)))]).toThrow(RangeError);
  expect(lastNote(fileOf("x".repeat(1_000_000)))).toBeUndefined();
});
