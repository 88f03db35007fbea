import { openRoot, type Root } from "@hardened-mcp/safe-path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readRange } from "../../src/read/range.ts";
import { readTail } from "../../src/read/tail.ts";
import { type TestFolder, testFolder } from "../support/folder.ts";

const MAX = 2048;
const signal = new AbortController().signal;

describe("parts of a file", () => {
  let folder: TestFolder;
  let root: Root;
  beforeAll(() => {
    folder = testFolder({
      "crlf.txt": "one\r\ntwo\r\nthree\r\n",
      "open-end.txt": "one\ntwo",
      "empty.txt": "",
      "blank.txt": "\n\n\n",
      "long.txt": Array.from({ length: 1000 }, (_, index) => `line ${index + 1} äöü`).join("\n"),
      "one-line.txt": "ä".repeat(5000),
      "binary.txt": Buffer.from([0x61, 0x0a, 0xff, 0xfe, 0x0a]),
    });
    root = openRoot(folder.root);
  });
  afterAll(() => {
    root.close();
    folder[Symbol.dispose]();
  });
  async function range(name: string, first: number, last?: number): Promise<string> {
    using file = root.openFile(root.parse(name));
    return await readRange(file, first, last, MAX, signal);
  }
  async function tail(name: string, count: number): Promise<string> {
    using file = root.openFile(root.parse(name));
    return await readTail(file, count, MAX, signal);
  }

  it("keep their line endings", async () => {
    expect(await range("crlf.txt", 1, 2)).toBe("one\r\ntwo");
    expect(await range("crlf.txt", 2)).toBe("two\r\nthree\r\n");
    expect(await tail("crlf.txt", 2)).toBe("two\r\nthree");
  });

  it("reach to the end however the file ends", async () => {
    expect(await range("open-end.txt", 1, 9)).toBe("one\ntwo");
    expect(await tail("open-end.txt", 1)).toBe("two");
    expect(await tail("open-end.txt", 9)).toBe("one\ntwo");
    expect(await range("empty.txt", 1, 1)).toBe("");
    expect(await tail("empty.txt", 1)).toBe("");
    expect(await tail("blank.txt", 2)).toBe("\n");
  });

  it("say so when they begin past the end", async () => {
    await expect(range("open-end.txt", 3)).rejects.toMatchObject({ reason: "past_end" });
    await expect(range("empty.txt", 2)).rejects.toMatchObject({ reason: "past_end" });
  });

  it("are cut at a line, with the line to go on from, until every line was seen once", async () => {
    const seen: string[] = [];
    let next: number | undefined = 1;
    while (next !== undefined) {
      const text: string = await range("long.txt", next);
      seen.push(...text.split("\n").filter((line) => line.startsWith("line ")));
      const mark: RegExpExecArray | null = /\[cut: .* startLine: (\d+)\]$/.exec(text);
      next = mark === null ? undefined : Number(mark[1]);
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(MAX);
    }
    expect(seen).toEqual(Array.from({ length: 1000 }, (_, index) => `line ${index + 1} äöü`));
  });

  it("are cut between characters within a line that is too long", async () => {
    const text = await range("one-line.txt", 1);
    expect(text).toMatch(/^ä+\n\n\[cut: line 1 is longer than one answer holds/);
    expect(await tail("one-line.txt", 1)).toMatch(/^\[cut: earlier lines do not fit into one answer\]\nä+$/);
  });

  it("are refused only where they are not text themselves", async () => {
    expect(await range("binary.txt", 1, 1)).toBe("a");
    await expect(range("binary.txt", 2, 2)).rejects.toMatchObject({ reason: "not_text" });
  });
});
