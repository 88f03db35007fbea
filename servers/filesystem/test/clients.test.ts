import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type TestFolder, testFolder } from "./support/folder.ts";
import { GENERATIONS, openSession, type Session } from "./support/session.ts";

describe.each(GENERATIONS)("every tool, over stdio, for the %s", (generation) => {
  let folder: TestFolder;
  let session: Session;
  beforeAll(async () => {
    folder = testFolder({
      "notes.txt": "one\ntwo\nthree\n",
      "src/app.ts": "const a = 1;\nconst needle = 2;\n",
      "src/deep/other.ts": "export {};\n",
      "pixel.png": Buffer.from("89504e47", "hex"),
      "sound.mp3": Buffer.from([0xff, 0xfb]),
      "data.bin": Buffer.from([0, 255, 1]),
    });
    session = await openSession(folder, { generation });
  });
  afterAll(async () => {
    await session[Symbol.asyncDispose]();
    folder[Symbol.dispose]();
  });
  const text = async (name: string, args: Record<string, unknown>): Promise<string> => {
    const answer = await session.call(name, args);
    expect(answer.isError, answer.text).toBe(false);
    return answer.text;
  };

  it("reads a file by its absolute and by its relative path", async () => {
    expect(await text("read_text_file", { path: `${folder.root}/notes.txt` })).toBe("one\ntwo\nthree\n");
    expect(await text("read_text_file", { path: "notes.txt" })).toBe("one\ntwo\nthree\n");
    expect(await text("read_file", { path: "notes.txt", head: 0, tail: 0 })).toBe("one\ntwo\nthree\n");
  });

  it("reads the head, the tail and a range of lines", async () => {
    expect(await text("read_text_file", { path: "notes.txt", head: 2 })).toBe("one\ntwo");
    expect(await text("read_text_file", { path: "notes.txt", tail: 2 })).toBe("two\nthree");
    expect(await text("read_text_file", { path: "notes.txt", startLine: 2, endLine: 2 })).toBe("two");
    expect(await text("read_text_file", { path: "notes.txt", startLine: 2 })).toBe("two\nthree\n");
  });

  it("refuses two ways of choosing lines at once", async () => {
    expect((await session.call("read_text_file", { path: "notes.txt", head: 1, tail: 1 })).code).toBe("invalid_input");
    expect((await session.call("read_text_file", { path: "notes.txt", startLine: 3, endLine: 2 })).code).toBe(
      "invalid_input",
    );
  });

  it("sends pictures, sound and other files as what they are", async () => {
    expect((await session.call("read_media_file", { path: "pixel.png" })).content).toEqual([
      { type: "image", data: "iVBORw==", mimeType: "image/png" },
    ]);
    expect((await session.call("read_media_file", { path: "sound.mp3" })).content[0]).toMatchObject({ type: "audio" });
    expect((await session.call("read_media_file", { path: "data.bin" })).content[0]).toMatchObject({
      type: "resource",
      resource: { uri: `file://${folder.root}/data.bin`, blob: "AP8B" },
    });
  });

  it("tells who reads a binary file as text which tool to use", async () => {
    const answer = await session.call("read_text_file", { path: "data.bin" });
    expect(answer.code).toBe("invalid_input");
    expect(answer.text).toContain("read_media_file");
  });

  it("reads several files, and says in place why one failed", async () => {
    const answer = await text("read_multiple_files", { paths: ["notes.txt", "gone.txt"] });
    expect(answer).toContain("notes.txt:\none\ntwo\nthree\n");
    expect(answer).toContain("gone.txt: Error - There is nothing by that name");
  });

  it("lists a directory in the official words, as text and as structured content", async () => {
    const answer = await session.call("list_directory", { path: "." });
    expect(answer.text).toBe("[FILE] data.bin\n[FILE] notes.txt\n[FILE] pixel.png\n[FILE] sound.mp3\n[DIR] src");
    expect(answer.structured).toEqual({ content: answer.text });
  });

  it("lists sizes and totals", async () => {
    const answer = await text("list_directory_with_sizes", { path: ".", sortBy: "size" });
    expect(answer.split("\n")[0]).toMatch(/^\[FILE\] notes\.txt +14 B$/);
    expect(answer).toContain("Total: 4 files, 1 directories\nCombined size: 23 B");
  });

  it("shows a tree as JSON", async () => {
    expect(JSON.parse(await text("directory_tree", { path: "src" }))).toEqual([
      { name: "app.ts", type: "file" },
      { name: "deep", type: "directory", children: [{ name: "other.ts", type: "file" }] },
    ]);
  });

  it("finds files by glob, as full paths", async () => {
    expect(await text("search_files", { path: "src", pattern: "**/*.ts" })).toBe(
      `${folder.root}/src/app.ts\n${folder.root}/src/deep/other.ts`,
    );
    expect(await text("search_files", { path: "src", pattern: "*.ts" })).toBe(`${folder.root}/src/app.ts`);
    expect(await text("search_files", { path: ".", pattern: "*.none" })).toBe("No matches found");
    expect(await text("search_files", { path: ".", pattern: "**/*.ts", excludePatterns: ["deep"] })).toBe(
      `${folder.root}/src/app.ts`,
    );
  });

  it("finds lines by literal text and by regular expression, with context", async () => {
    const path = `${folder.root}/src/app.ts`;
    expect(await text("search_content", { path: ".", pattern: "needle", context: 1 })).toBe(
      `${path}\n1-const a = 1;\n2:const needle = 2;`,
    );
    expect(await text("search_content", { path: ".", pattern: "N.+LE", regex: true, ignoreCase: true })).toBe(
      `${path}\n2:const needle = 2;`,
    );
    expect(await text("search_content", { path: "src/app.ts", pattern: "NEEDLE", ignoreCase: true })).toBe(
      `${path}\n2:const needle = 2;`,
    );
  });

  it("describes a file in the official words", async () => {
    expect(await text("get_file_info", { path: "notes.txt" })).toMatch(
      /^size: 14\ncreated: .+\nmodified: .+\naccessed: .+\nisDirectory: false\nisFile: true\npermissions: \d{3}$/,
    );
  });

  it("names its directories", async () => {
    expect(await text("list_allowed_directories", {})).toBe(`Allowed directories:\n${folder.root}`);
  });

  it("offers files as resources", async () => {
    const { resources } = await session.listResources();
    expect(resources.map(({ name }) => name)).toEqual([
      "data.bin",
      "notes.txt",
      "pixel.png",
      "sound.mp3",
      "src/app.ts",
      "src/deep/other.ts",
    ]);
    const read = await session.readResource(`file://${folder.root}/notes.txt`);
    expect(read.contents).toEqual([
      { uri: `file://${folder.root}/notes.txt`, mimeType: "text/plain", text: "one\ntwo\nthree\n" },
    ]);
    expect((await session.readResource(`file://${folder.root}/data.bin`)).contents[0]).toMatchObject({ blob: "AP8B" });
    await expect(session.readResource("file:///etc/passwd")).rejects.toThrow("not inside the allowed directories");
  });

  it("refuses an unknown argument and names the right one", async () => {
    const answer = await session.call("read_text_file", { path: "notes.txt", haed: 1 });
    expect(answer.code).toBe("invalid_input");
    expect(answer.text).toContain('Did you mean \\"head\\"');
  });
});
