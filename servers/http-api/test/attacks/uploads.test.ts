import { linkSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Attacked, attacked } from "./support/attacked.ts";

const OUTSIDE = "canary-outside-the-upload-root";
const INSIDE = "what may be sent";

/** Names of files; those that a link or a special file hides behind are made before. */
const PATHS: readonly string[] = [
  "../outside.txt",
  "..",
  ".",
  "",
  "/etc/passwd",
  "/proc/self/environ",
  "/dev/zero",
  "sub/../../outside.txt",
  "link.txt",
  "linked-folder/outside.txt",
  "hard.txt",
  "~/x",
  "file:///etc/passwd",
  "inside.txt\u0000.png",
  "..\\outside.txt",
  "%2e%2e/outside.txt",
  "missing.txt",
  "sub",
  "large.bin",
];

describe("a file that is asked to be sent", () => {
  let stage: Attacked;
  beforeAll(async () => {
    stage = await attacked({
      args: ["--allow-write"],
      api: (folder) => {
        const root = join(folder, "uploads");
        mkdirSync(join(root, "sub"), { recursive: true });
        writeFileSync(join(folder, "outside.txt"), OUTSIDE);
        writeFileSync(join(root, "inside.txt"), INSIDE);
        writeFileSync(join(root, "large.bin"), Buffer.alloc(20_000, "A"));
        symlinkSync(join(folder, "outside.txt"), join(root, "link.txt"));
        symlinkSync(folder, join(root, "linked-folder"));
        linkSync(join(folder, "outside.txt"), join(root, "hard.txt"));
        return {
          operations: { write: ["uploadFile", "uploadMultipart"] },
          uploads: { roots: [root], maxBytes: 10_000 },
        };
      },
    });
  });
  afterAll(() => stage[Symbol.asyncDispose]());

  it.each(PATHS)("stays where it is: %j", async (path) => {
    for (const [tool, body] of [
      ["upload_file", path],
      ["upload_multipart", { note: "x", file: path }],
    ] as const) {
      const before = stage.api.requests.length;
      const answer = await stage.call(tool, { body });
      expect(answer.isError).toBe(true);
      expect(answer.text).not.toContain(stage.folder);
      expect(stage.api.requests.slice(before).filter(({ body: sent }) => sent.includes(OUTSIDE))).toEqual([]);
      expect(stage.api.requests.length).toBe(before);
    }
  });

  it.each(["upload_file", "upload_multipart"])("is sent by %s where it may be", async (tool) => {
    const answer = await stage.call(tool, { body: tool === "upload_file" ? "inside.txt" : { file: "inside.txt" } });
    expect(answer.isError).toBe(false);
    expect(stage.api.requests.at(-1)?.body.toString()).toContain(INSIDE);
  });

  it("has a name that ends no part and begins no header", async () => {
    const name = 'a"; filename="b.txt\r\nX-Evil: 1';
    writeFileSync(join(stage.folder, "uploads", name), INSIDE);
    const before = stage.api.requests.length;
    await stage.call("upload_multipart", { body: { file: name } });
    for (const { body } of stage.api.requests.slice(before)) expect(body.toString()).not.toMatch(/^X-Evil:/m);
  });
});
