import { execFileSync } from "node:child_process";
import { once } from "node:events";
import {
  closeSync,
  fstatSync,
  linkSync,
  openSync,
  readlinkSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { makeTree, refusal } from "./helpers/tree.ts";

test("a FIFO is refused at once, directly, through a link and as a child", () => {
  const tree = makeTree();
  execFileSync("mkfifo", [join(tree.inside, "pipe")]);
  symlinkSync("pipe", join(tree.inside, "to-pipe"));
  const root = tree.open();
  expect(refusal(() => root.openFile(root.parse("pipe")))).toBe("special_file");
  expect(refusal(() => root.openFile(root.parse("to-pipe")))).toBe("special_file");
  expect(refusal(() => root.remove(root.parse("pipe")))).toBe("special_file");
  expect(root.stat(root.parse("pipe")).type).toBe("special");
  using directory = root.openDirectory(root.parse("."));
  expect(refusal(() => directory.child("pipe"))).toBe("special_file");
});

test("a unix socket is refused", async () => {
  const tree = makeTree();
  const server = createServer().listen(join(tree.inside, "sock"));
  onTestFinished(() => void server.close());
  await once(server, "listening");
  const root = tree.open();
  expect(refusal(() => root.openFile(root.parse("sock")))).toBe("special_file");
});

test("a hard link to a foreign file is refused, or allowed by option", () => {
  const tree = makeTree();
  linkSync(join(tree.outside, "secret.txt"), join(tree.inside, "hard"));
  const root = tree.open();
  expect(refusal(() => root.openFile(root.parse("hard")))).toBe("hard_link");
  const lax = tree.open({ hardLinks: "allow" });
  lax.openFile(lax.parse("hard")).close();
});

test("a foreign hard link that is unlinked after the open is still refused", async () => {
  const tree = makeTree();
  linkSync(join(tree.outside, "secret.txt"), join(tree.inside, "hard"));
  const { admit } = await import("../src/decide.ts");
  const { linux } = await import("../src/linux.ts");
  const { compileDeny } = await import("../src/deny.ts");
  const { completeOptions } = await import("../src/options.ts");
  const directory = linux.openRoot(tree.inside);
  onTestFinished(() => closeSync(directory.fd));
  // The state between our open and our fstat, as a backend sees it.
  const fd = openSync(join(tree.inside, "hard"), 0o10000000);
  unlinkSync(join(tree.inside, "hard"));
  const raced = { fd, stat: fstatSync(fd), answer: readlinkSync(`/proc/self/fd/${fd}`), followed: true };
  expect(raced.stat.nlink).toBe(1);
  const options = completeOptions({});
  const rules = { ...options, deny: compileDeny([]), aliases: [tree.inside], accepted: new Map() };
  expect(refusal(() => admit({ backend: linux, directory, options, rules, mount: undefined }, raced))).toBe(
    "invalid_name",
  );
});

test("directories are not files and files are not directories", () => {
  const tree = makeTree();
  tree.write("d/f");
  const root = tree.open();
  expect(refusal(() => root.openFile(root.parse("d")))).toBe("not_a_file");
  expect(refusal(() => root.openFile(root.parse(".")))).toBe("not_a_file");
  expect(refusal(() => root.openDirectory(root.parse("d/f")))).toBe("not_a_directory");
  expect(refusal(() => root.openFile(root.parse("d/f/x")))).toBe("not_a_directory");
  expect(refusal(() => root.openFile(root.parse("nope")))).toBe("not_found");
});

test("a file over maxBytes is refused before it is read, and a limit that is none is an error", () => {
  const tree = makeTree();
  truncateSync(tree.write("big"), 2 ** 31);
  const root = tree.open();
  for (const options of [{ maxBytes: Number.NaN }, { maxbytes: 1 }]) {
    expect(refusal(() => root.openFile(root.parse("big"), options))).toBe("invalid_option");
  }
  expect(refusal(() => root.openFile(root.parse("big"), { maxBytes: 1024 }))).toBe("too_large");
});

test("names on disk that are not UTF-8, not NFC or hold controls are hidden and cannot be reached through links", () => {
  const tree = makeTree();
  writeFileSync(Buffer.concat([Buffer.from(`${tree.inside}/`), Buffer.from([0xff, 0xfe])]), "x");
  tree.write("e\u0301");
  tree.write("two\nlines");
  tree.write("plain");
  symlinkSync("two\nlines", join(tree.inside, "link"));
  symlinkSync(Buffer.from([0xff, 0xfe]), join(tree.inside, "bytes"));
  const root = tree.open();
  using directory = root.openDirectory(root.parse("."));
  const listing = directory.entries();
  expect(listing.entries.map((entry) => entry.name).sort()).toEqual(["bytes", "link", "plain"]);
  expect(listing.hidden).toBe(3);
  expect(refusal(() => root.openFile(root.parse("link")))).toBe("invalid_name");
  expect(refusal(() => root.openFile(root.parse("bytes")))).toBe("invalid_name");
});
