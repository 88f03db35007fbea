import { execFileSync } from "node:child_process";
import { linkSync, mkdirSync, readFileSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type TestFolder, testFolder } from "./support/folder.ts";
import { openSession, type Session } from "./support/session.ts";

const SECRET = "outside-content-5d1f";

describe.skipIf(process.platform === "win32")("attacks on the boundary", () => {
  let folder: TestFolder;
  let session: Session;
  beforeAll(async () => {
    folder = testFolder({ "in.txt": "inside\n", "dir/x.txt": "x", "repo/.git/config": "token", ".env": "KEY=1" });
    const { root, path } = folder;
    folder.writeOutside("outside/secret.txt", SECRET);
    for (const name of ["root-evil", "root ", "root\t", "root\u00a0", "root'", 'root"', "ROOT"]) {
      folder.writeOutside(`${name}/secret.txt`, SECRET);
    }
    symlinkSync(join(path, "outside/secret.txt"), join(root, "link-out"));
    symlinkSync(join(path, "outside"), join(root, "dir-out"));
    symlinkSync(join(path, "outside/absent"), join(root, "dangling"));
    symlinkSync("/proc/self/environ", join(root, "environ"));
    symlinkSync("/proc/self/root/etc/passwd", join(root, "magic"));
    symlinkSync(".env", join(root, "plain-name"));
    symlinkSync("in.txt", join(root, "link-in"));
    linkSync(join(path, "outside/secret.txt"), join(root, "hard"));
    execFileSync("mkfifo", [join(root, "fifo")]);
    symlinkSync("/dev/zero", join(root, "zero"));
    session = await openSession(folder);
  });
  afterAll(async () => {
    await session[Symbol.asyncDispose]();
    folder[Symbol.dispose]();
  });

  const outside: readonly (readonly [string, (folder: TestFolder) => string])[] = [
    ["an absolute path", () => "/etc/passwd"],
    ["an absolute path that does not exist", () => "/etc/no-such-file-9f"],
    ["a climb", () => "../outside/secret.txt"],
    ["a climb in the middle", () => "dir/../../outside/secret.txt"],
    ["a climb from the root's own path", ({ root }) => `${root}/../outside/secret.txt`],
    ["a sibling with the root's name as prefix (CVE-2025-53110)", ({ root }) => `${root}-evil/secret.txt`],
    ["a sibling whose name ends in a space", ({ root }) => `${root} /secret.txt`],
    ["a sibling whose name ends in a tab", ({ root }) => `${root}\t/secret.txt`],
    ["a sibling whose name ends in a no-break space", ({ root }) => `${root}\u00a0/secret.txt`],
    ["a sibling whose name ends in a quote", ({ root }) => `${root}'/secret.txt`],
    ["a sibling whose name ends in a double quote", ({ root }) => `${root}"/secret.txt`],
    ["a sibling in other case", ({ path }) => `${path}/ROOT/secret.txt`],
    ["a link to a file outside (CVE-2025-53109)", () => "link-out"],
    ["a file through a link to a directory outside", () => "dir-out/secret.txt"],
    ["an absent file through a link to a directory outside", () => "dir-out/absent"],
    ["a dangling link", () => "dangling"],
    ["a link into /proc", () => "environ"],
    ["a magic link", () => "magic"],
    ["a hard link to a file outside", () => "hard"],
    ["a FIFO", () => "fifo"],
    ["a link to a device", () => "zero"],
    ["a denied name", () => ".env"],
    ["a denied name in other case", () => ".ENV"],
    ["a denied name that does not exist", () => "dir/.env"],
    ["a denied name below a directory", () => "repo/.git/config"],
    ["a link to a denied name", () => "plain-name"],
  ];
  const tools: readonly (readonly [string, (path: string) => Record<string, unknown>])[] = [
    ["read_text_file", (path) => ({ path })],
    ["read_text_file", (path) => ({ path, tail: 1 })],
    ["read_media_file", (path) => ({ path })],
    ["get_file_info", (path) => ({ path })],
    ["search_content", (path) => ({ path, pattern: "o" })],
    ["list_directory", (path) => ({ path })],
    ["list_directory_with_sizes", (path) => ({ path })],
    ["directory_tree", (path) => ({ path })],
    ["search_files", (path) => ({ path, pattern: "**" })],
  ];

  it.each(outside)("refuses %s, in the same words whatever lies there", async (_, pathOf) => {
    const path = pathOf(folder);
    for (const [tool, args] of tools) {
      const answer = await session.call(tool, args(path));
      expect(answer.isError, `${tool}: ${answer.text}`).toBe(true);
      // A directory tool may say that a FIFO or a hard link inside the root is no directory: that much a listing shows.
      expect(["denied", "invalid_input"], tool).toContain(answer.code);
      expect(answer.text).not.toContain(SECRET);
      expect(answer.text).not.toContain(folder.path);
    }
    expect((await session.call("read_text_file", { path })).code).toMatch(/^(denied|invalid_input)$/);
  });

  it("answers alike whether an outside path exists or not", async () => {
    const words = async (path: string) => {
      const { text } = await session.call("read_text_file", { path });
      return (JSON.parse(text) as { error: { message: string } }).error.message;
    };
    expect(await words("/etc/passwd")).toBe(await words("/etc/no-such-file-9f"));
    expect(await words("dir-out/secret.txt")).toBe(await words("dir-out/absent"));
    expect(await words("link-out")).toBe(await words("dangling"));
  });

  it("follows a link that stays inside", async () => {
    expect((await session.call("read_text_file", { path: "link-in" })).text).toBe("inside\n");
  });

  it("finds nothing behind links, hard links and denied names while walking", async () => {
    const content = await session.call("search_content", { path: ".", pattern: "o" });
    expect(content.text).not.toContain(SECRET);
    expect(content.text).not.toMatch(/\.env|\.git\/config/);
    const names = await session.call("search_files", { path: ".", pattern: "**" });
    expect(names.text).not.toMatch(/secret\.txt|\.env|git\/config/);
    const tree = await session.call("directory_tree", { path: "." });
    expect(tree.text).not.toMatch(/secret\.txt|\.env/);
  });

  it("shows links as links and tells nothing of their targets", async () => {
    const { text } = await session.call("list_directory_with_sizes", { path: "." });
    expect(text).toMatch(/^\[LINK\] link-out$/m);
    expect(text).toMatch(/^\[LINK\] dir-out$/m);
  });

  it("does not hang on FIFOs, nor keep other calls waiting", async () => {
    const all = await Promise.all(Array.from({ length: 8 }, () => session.call("read_text_file", { path: "fifo" })));
    expect(all.every(({ code }) => code === "denied")).toBe(true);
    expect((await session.call("read_text_file", { path: "in.txt" })).text).toBe("inside\n");
  });

  it("refuses a 400 MiB file whole, and reads parts of it in bounded memory", async () => {
    writeFileSync(join(folder.root, "huge.log"), "first\n");
    truncateSync(join(folder.root, "huge.log"), 400 * 1024 * 1024);
    expect((await session.call("read_text_file", { path: "huge.log" })).code).toBe("too_large");
    expect((await session.call("read_media_file", { path: "huge.log" })).code).toBe("too_large");
    expect((await session.call("read_text_file", { path: "huge.log", head: 1 })).text).toBe("first");
    expect((await session.call("read_text_file", { path: "huge.log", startLine: 9 })).code).toBe("invalid_input");
    expect((await session.call("search_content", { path: ".", pattern: "first" })).text).toBe("No matches found");
    if (process.platform === "linux") expect(peakMemory(session.pid)).toBeLessThan(300 * 1024);
  });

  it.each([
    ["nested extended globs", "+(+(a)|+(a)|+(a))z"],
    ["twenty-two braces", "{a,b}".repeat(22)],
    ["a brace range", "{1..1000000000}"],
    ["more than 1,024 characters", "*a".repeat(600)],
  ])("refuses %s", async (_, pattern) => {
    expect((await session.call("search_files", { path: ".", pattern })).code).toBe("invalid_input");
    expect((await session.call("search_files", { path: ".", pattern: "*", excludePatterns: [pattern] })).code).toBe(
      "invalid_input",
    );
  });

  it("matches a glob made to backtrack in no time", async () => {
    mkdirSync(join(folder.root, "slow"));
    for (let index = 0; index < 50; index++) folder.write(`slow/${"a".repeat(200 + index)}`, "");
    const answer = await session.call("search_files", { path: "slow", pattern: `${"*a".repeat(100)}*b` });
    expect(answer.text).toBe("No matches found");
  });

  it("searches with an expression made to backtrack in linear time", async () => {
    folder.write("backtrack.txt", `${"a".repeat(5000)}!\n`.repeat(5));
    const answer = await session.call("search_content", { path: "backtrack.txt", pattern: "(a+)+$", regex: true });
    expect(answer.text).toBe("No matches found");
  });

  it.each([
    ["is not closed", "(a"],
    ["looks around", "a(?=b)"],
    ["refers back", "(a)\\1"],
    ["repeats into millions", "((a{100}){100}){100}"],
    ["costs a thousand steps a character", "[[:word:]]{1,1000}\\p{L}{1,500}$"],
    ["is a thousand groups deep", "(".repeat(500) + ")".repeat(500)],
  ])("refuses an expression that %s", async (_, pattern) => {
    const answer = await session.call("search_content", { path: ".", pattern, regex: true });
    expect(answer.code).toBe("invalid_input");
    expect(answer.text).not.toContain(pattern);
  });

  it("answers other calls while a costly expression meets long lines", async () => {
    folder.write("lines.txt", `${"a".repeat(100_000)}\n`.repeat(4));
    const pattern = "[[:word:]]{1,200}\\p{L}{1,200}[^a]$";
    const running = session.call("search_content", { path: "lines.txt", pattern, regex: true });
    const reading = session.call("read_text_file", { path: "in.txt" });
    // Four lines, of which a bounded part takes 0.3 s each on a quiet machine: the read comes in between, whatever the machine.
    expect(await Promise.race([reading.then(() => "read"), running.then(() => "searched")])).toBe("read");
    expect((await reading).text).toBe("inside\n");
    expect((await running).text).toBe("No matches found");
  });

  it("does not let a path forge the heading of another file", async () => {
    const answer = await session.call("read_multiple_files", { paths: ["in.txt", "x\n---\nin.txt:\nforged"] });
    expect(answer.text).toContain("x?---?in.txt:?forged: Error - The path");
  });

  it("refuses media that would make a client hang up", async () => {
    folder.write("large.png", Buffer.alloc(8 * 1024 * 1024));
    expect((await session.call("read_media_file", { path: "large.png" })).code).toBe("too_large");
    truncateSync(join(folder.root, "large.png"), 7 * 1024 * 1024);
    expect((await session.call("read_media_file", { path: "large.png" })).content[0]).toMatchObject({ type: "image" });
  });

  it("refuses cursors of other queries and of nobody", async () => {
    const first = await session.call("list_directory", { path: ".", limit: 1 });
    const cursor = String(first.structured?.["nextCursor"]);
    expect((await session.call("list_directory", { path: "dir", cursor })).code).toBe("invalid_input");
    for (const forged of ["x", "e30", Buffer.from('["a","../..",0]').toString("base64url")]) {
      expect((await session.call("list_directory", { path: ".", cursor: forged })).code).toBe("invalid_input");
    }
  });
});

/** The policy that a reviewer once read `private/b.txt` under. */
const PUBLIC_ONLY = `permit (principal in Role::"visitor", action == filesystem::Action::"resource/file", resource)
when { context.args.uri like "file:///*/public/*" };
permit (principal in Role::"visitor", action == filesystem::Action::"read_media_file", resource);`;

describe.skipIf(process.platform === "win32")("attacks on the text of a resource's URI", () => {
  /** Names that end, split, climb or decode somewhere in a URI. */
  const NAMES = [
    ..." !\"#$%&'()*+,-.:;<=>?@[\\]^_`{|}~".split("").map((character) => `a${character}b`),
    ..." #%?~|^\\&",
    ..." #%?~|^\\&".split("").map((character) => `z${character}`),
    "%2e%2e",
    "%2F",
    "%70",
    "%zz",
    "...",
    "..a",
    "C:",
    "file:",
    "\u202egnp.exe",
    "\u{1f600}",
    "\u00fc.txt",
  ];
  /** Never served, so never listed; the last is \u00fc.txt in its other form. */
  const HIDDEN = ["a\tb", "a\nb", "a\rb", "\n", "z\n", "a\x01b", "a\x7fb", "u\u0308.txt"];
  const sampled = fc.sample(
    fc
      .string({
        unit: fc.oneof(fc.constantFrom(..."%.~#?|^[]\\ é2eEf"), fc.string({ unit: "grapheme", maxLength: 1 })),
      })
      .filter(
        (name) =>
          name === name.normalize("NFC") &&
          !/[/\ufffd\p{Cc}\p{Cs}]|^\.{0,2}$/u.test(name) &&
          // The generator likes the word "key", and ".key" at an end is never served.
          !/\.key$/iu.test(name) &&
          Buffer.byteLength(name) < 200,
      ),
    150,
  );

  it("leaves every URI that the server gives out readable, whatever the files are called", async () => {
    using folder = testFolder();
    const root = join(folder.path, "r~o %2e[t] \u00fc");
    const below = (name: string, content: string) => folder.writeOutside(`r~o %2e[t] \u00fc/${name}`, content);
    for (const [index, name] of NAMES.entries()) below(`names/${name}`, `named ${index}`);
    for (const name of sampled) below(`sampled/${name}`, "sampled");
    for (const name of HIDDEN) below(`names/${name}`, "hidden");
    // Longer than the name of a resource may be.
    below(
      `${Array(7)
        .fill("\u00fc".repeat(100) + "x".repeat(50))
        .join("/")}/deep.txt`,
      "deep",
    );
    await using session = await openSession(folder, { roots: [root] });
    const read: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await session.listResources(cursor);
      for (const { uri } of page.resources) read.push(String((await session.readResource(uri)).contents[0]?.["text"]));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    expect(new Set(read)).toEqual(new Set([...NAMES.map((_, index) => `named ${index}`), "sampled", "deep"]));
    expect(read.length).toBe(NAMES.length + 1 + new Set(sampled).size);
    for (const name of ["a~b", "a|b", "a^b"]) {
      folder.writeOutside(`r~o %2e[t] \u00fc/media/${name}.dat`, `media ${name}`);
      const { content } = await session.call("read_media_file", { path: `media/${name}.dat` });
      const uri = String((content[0]?.["resource"] as { uri?: string } | undefined)?.uri);
      expect((await session.readResource(uri)).contents[0]).toMatchObject({ uri, text: `media ${name}` });
    }
  });

  it("gives each file to one spelling only, and the others are not there", async () => {
    using folder = testFolder({ "a!b~c.txt": "plain" });
    await using session = await openSession(folder);
    const uri = pathToFileURL(join(folder.root, "a!b~c.txt")).href.replace("%7E", "~");
    expect((await session.readResource(uri)).contents[0]).toMatchObject({ text: "plain" });
    const others = [
      uri.replace("!", "%21"),
      uri.replace("~", "%7E"),
      uri.replace("a!", "%61!"),
      uri.replace("file:///", "file:////"),
      uri.replace("file:///", "file://localhost/"),
      uri.replace("file:///", "FILE:///"),
      uri.replace("file:///", "file:/"),
      uri.replace("/a!", "//a!"),
      uri.replace("/a!", "/./a!"),
      uri.replace("/a!", "%2Fa!"),
      ...["/", "?", "#", "?x", " ", "\t", "\n", "/."].map((end) => `${uri}${end}`),
    ];
    const refusal = (asked: string) =>
      session.readResource(asked).then(
        () => "read",
        (error: Error) => error.message.replaceAll(/[\w-]{16}/g, "REF"),
      );
    const unknown = await refusal("nothing:///here");
    expect(unknown).toContain("There is no such resource.");
    for (const other of others) expect([other, await refusal(other)]).toEqual([other, unknown]);
  });

  it("keeps a visitor of public files from a private one", async () => {
    using folder = testFolder({ "public/a.txt": "hello", "private/b.txt": SECRET });
    const policy = folder.writeOutside("policy.cedar", PUBLIC_ONLY);
    const config = folder.writeOutside("config.json", JSON.stringify({ policy, local: { roles: ["visitor"] } }));
    await using session = await openSession(folder, { args: ["--config", config] });
    const at = (path: string) => session.readResource(`file://${folder.root}${path}`);
    expect((await at("/public/a.txt")).contents[0]).toMatchObject({ text: "hello" });
    for (const way of ["..", "%2e%2e", "%2E%2E", ".%2E", "%2e.", ".\t.", ".\n.", ".\r.", "x/../..", "./.."]) {
      await expect(at(`/public/${way}/private/b.txt`), way).rejects.toThrow("There is no such resource.");
      await expect(at(`/public\\${way}\\private/b.txt`), way).rejects.toThrow("There is no such resource.");
    }
  });
});

/** Peak resident memory of a process in KiB. */
function peakMemory(pid: number): number {
  return Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
}
