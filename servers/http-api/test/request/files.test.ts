import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConfigError } from "@hardened-mcp/server";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openFiles, type UploadFiles } from "../../src/request/open-files.ts";
import { body, build, bytesOf, operation, refused } from "./support/operation.ts";

const MAX = 256 * 1024;
let top: string;
let root: string;
let files: UploadFiles;

beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), "uploads-"));
  root = join(top, "a");
  mkdirSync(root);
  mkdirSync(join(top, "b"));
  writeFileSync(join(top, "secret.txt"), "outside");
  writeFileSync(join(root, "x.txt"), "content of x");
  writeFileSync(join(top, "b", "y.txt"), "content of y");
  files = openFiles({ roots: [root, join(top, "b")], maxBytes: MAX });
});
afterEach(() => {
  files.close();
  rmSync(top, { recursive: true });
});

const SEND = operation({ method: "PUT", effect: "write", body: body("file") });
const FORM = operation({ method: "POST", effect: "write", body: body("multipart", { files: ["doc"] }) });
const send = (path: string) => build(SEND, { body: path }, { files });

async function ended(path: string, during: () => void): Promise<string> {
  const request = send(path);
  if (request.body?.kind !== "stream") throw new Error("not a stream");
  let received = 0;
  try {
    for await (const piece of request.body.open()) {
      if (received === 0) during();
      received += piece.length;
    }
    return `whole, ${received}`;
  } catch (error) {
    return `${(error as { code?: string }).code}, ${received < request.body.length ? "part" : "whole"}`;
  }
}

/** Until the file system's clock, which ticks in milliseconds, has moved on from the file's last change. */
function nextTick(path: string): void {
  const probe = join(top, "probe");
  do writeFileSync(probe, "");
  while (statSync(probe).ctimeMs === statSync(path).ctimeMs);
}

describe("files of bodies", () => {
  it.each(["x.txt", "./x.txt"])("are sent by the path %s", async (path) => {
    const request = send(path);
    expect(request.body).toMatchObject({ kind: "stream", length: 12 });
    expect((await bytesOf(request)).toString()).toBe("content of x");
    // Again, as for a further attempt.
    expect((await bytesOf(request)).toString()).toBe("content of x");
  });

  it("are found in the second folder, and by an absolute path", async () => {
    expect((await bytesOf(send("y.txt"))).toString()).toBe("content of y");
    expect((await bytesOf(send(join(root, "x.txt")))).toString()).toBe("content of x");
  });

  it("are parts of a form, with an exact length", async () => {
    writeFileSync(join(root, 'q"uo\u{1F600}te.txt'), Buffer.alloc(200_000, 7));
    const request = build(FORM, { body: { doc: ["x.txt", 'q"uo\u{1F600}te.txt'], note: "n" } }, { files });
    const bytes = await bytesOf(request);
    expect(request.body).toMatchObject({ kind: "stream", length: bytes.length });
    const data = await new Response(new Uint8Array(bytes), {
      headers: { "content-type": request.headers["content-type"] ?? "" },
    }).formData();
    const docs = data.getAll("doc") as File[];
    expect(docs.map(({ name, size, type }) => [name, size, type])).toEqual([
      ["x.txt", 12, "application/octet-stream"],
      ['q"uo\u{1F600}te.txt', 200_000, "application/octet-stream"],
    ]);
    expect(data.get("note")).toBe("n");
  });

  it("are refused where they are no plain files of a folder", () => {
    symlinkSync("x.txt", join(root, "link.txt"));
    symlinkSync(join(top, "secret.txt"), join(root, "out.txt"));
    symlinkSync(top, join(root, "up"));
    linkSync(join(top, "secret.txt"), join(root, "hard.txt"));
    execFileSync("mkfifo", [join(root, "fifo")]);
    writeFileSync(join(root, ".env"), "KEY=1");
    writeFileSync(join(root, "large.bin"), Buffer.alloc(MAX + 1));
    mkdirSync(join(root, "dir"));
    const cases: Record<string, string> = {
      "../secret.txt": "denied",
      [join(top, "secret.txt")]: "denied",
      "/etc/passwd": "denied",
      "/dev/zero": "denied",
      "link.txt": "denied",
      "out.txt": "denied",
      "up/secret.txt": "denied",
      "hard.txt": "denied",
      fifo: "denied",
      ".env": "denied",
      "x.txt\0": "invalid_input",
      "": "invalid_input",
      dir: "invalid_input",
      "large.bin": "too_large",
      "none.txt": "not_found",
    };
    const outcomes = Object.fromEntries(Object.keys(cases).map((path) => [path, refused(() => send(path))]));
    expect(outcomes).toEqual(
      Object.fromEntries(Object.entries(cases).map(([path, code]) => [path, `${code} request/file@body`])),
    );
  });

  it("say nothing of where anything lies", () => {
    for (const path of ["../secret.txt", "none.txt", join(top, "none")]) {
      try {
        send(path);
        expect.unreachable();
      } catch (error) {
        expect((error as Error).message).not.toContain(top);
        expect((error as Error).message).not.toContain("secret");
      }
    }
  });

  it.each<readonly [what: string, change: (path: string) => void]>([
    [
      "replaced by another file",
      (path) => {
        writeFileSync(`${path}.new`, Buffer.alloc(200_000, 2));
        renameSync(`${path}.new`, path);
      },
    ],
    [
      "replaced by a link",
      (path) => {
        rmSync(path);
        symlinkSync("/etc/passwd", path);
      },
    ],
    ["grown", (path) => appendFileSync(path, "more")],
    ["cut", (path) => truncateSync(path, 10)],
    [
      "rewritten with its old time",
      (path) => {
        nextTick(path);
        writeFileSync(path, Buffer.alloc(200_000, 3));
        utimesSync(path, 1, 1);
      },
    ],
    ["removed", (path) => rmSync(path)],
  ])("are not sent when %s after they were found", async (_what, change) => {
    const path = join(root, "big.bin");
    writeFileSync(path, Buffer.alloc(200_000, 1));
    utimesSync(path, 1, 1);
    const request = send("big.bin");
    change(path);
    await expect(bytesOf(request)).rejects.toMatchObject({ code: "conflict" });
  });

  it.each<readonly [what: string, change: (path: string) => void]>([
    ["grows", (path) => appendFileSync(path, "more")],
    ["is cut", (path) => truncateSync(path, 10)],
    ["is rewritten", (path) => writeFileSync(path, Buffer.alloc(200_000, 3))],
  ])("do not arrive whole when one %s while it is sent", async (_what, change) => {
    const path = join(root, "big.bin");
    writeFileSync(path, Buffer.alloc(200_000, 1));
    utimesSync(path, 1, 1);
    expect(await ended("big.bin", () => undefined)).toBe("whole, 200000");
    expect(await ended("big.bin", () => change(path))).toBe("conflict, part");
  });

  it("sends an empty file", async () => {
    writeFileSync(join(root, "empty"), "");
    expect(send("empty").body).toMatchObject({ kind: "stream", length: 0 });
    expect(await bytesOf(send("empty"))).toHaveLength(0);
  });

  it.each(["/", "/nowhere/at/all", "relative"])("does not start with the folder %s", (path) => {
    expect(() => openFiles({ roots: [path], maxBytes: 1 })).toThrow(ConfigError);
  });
});
