import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConfigError } from "@hardened-mcp/server";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadDocument, parseDocument } from "../../src/document/load-document.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "document-"));
});
afterAll(() => rm(folder, { recursive: true }));

const nested = (depth: number) => `{"openapi":"3.1.0","x":${"[".repeat(depth)}${"]".repeat(depth)}}`;
const bomb = [
  "openapi: 3.1.0",
  "a: &a [x, x, x, x, x, x, x, x, x, x]",
  ...["b", "c", "d", "e", "f", "g", "h", "i"].map(
    (name, index) => `${name}: &${name} [${Array(10).fill(`*${"abcdefgh"[index]}`).join(", ")}]`,
  ),
].join("\n");

describe("a document that is refused", () => {
  it.each([
    ["nested 10,000 deep", nested(10_000), /nested more than 100 deep/],
    [
      "nested 10,000 deep, in YAML",
      `openapi: 3.1.0\nx: ${"[".repeat(10_000)}${"]".repeat(10_000)}`,
      /neither JSON nor YAML/,
    ],
    ["with a key twice", '{"openapi":"3.1.0","paths":{},"paths":{"/admin":{}}}', /same key twice/],
    ["with a key twice, in YAML", "openapi: 3.1.0\npaths: {}\npaths: {}", /in line 3/],
    ["with __proto__", '{"openapi":"3.1.0","paths":{"__proto__":{"get":{}}}}', /__proto__/],
    ["with __proto__, in YAML", "openapi: 3.1.0\n__proto__: {paths: {}}", /__proto__/],
    ["with a billion laughs", bomb, /aliases written out/],
    ["with an alias in its own anchor", "openapi: 3.1.0\npaths: &p\n  /a: *p", /circle/],
    ["with a number JSON does not have", "openapi: 3.1.0\nx: .inf", /number that JSON/],
    ["of OpenAPI 2.0", '{"swagger":"2.0","paths":{}}', /OpenAPI 2\.0 .* Convert/],
    ["of a version nobody knows", '{"openapi":"4.0.0","paths":{}}', /3\.0 and 3\.1 are/],
    ["that is none", '{"name":"package"}', /no "openapi" version/],
    ["that is a list", "[]", /not an object/],
    ["that is no YAML either", "openapi: [", /neither JSON nor YAML/],
    [
      "with a type of YAML that runs code elsewhere",
      "openapi: 3.1.0\nx: !!js/function 'function () {}'",
      /neither JSON nor YAML/,
    ],
  ])("%s", (_name, text, message) => {
    expect(() => parseDocument(text)).toThrow(message);
    expect(() => parseDocument(text)).toThrow(ConfigError);
  });

  it("larger than the limit, before it is read", async () => {
    const path = join(folder, "large.json");
    await writeFile(path, `{"openapi":"3.1.0","x":"${"a".repeat(2000)}"}`);
    await expect(loadDocument(path, { maxBytes: 1000 })).rejects.toThrow(/larger than 1000 bytes/);
  });

  it("that is not there, or no file, or not UTF-8", async () => {
    const path = join(folder, "latin1.yaml");
    await writeFile(path, Buffer.from([0x6f, 0x3a, 0x20, 0xe9]));
    await expect(loadDocument(path)).rejects.toThrow(/not UTF-8/);
    await expect(loadDocument(join(folder, "none.yaml"))).rejects.toThrow(/cannot be read/);
    for (const path of [folder, "/dev/zero"]) await expect(loadDocument(path)).rejects.toThrow(/is no file/);
  });
});

describe("a document that is read", () => {
  it("JSON or YAML, whatever its file is called, with or without a byte order mark", async () => {
    const path = join(folder, "spec.txt");
    await writeFile(path, "\u{feff}openapi: 3.0.3\npaths: {}\n");
    expect((await loadDocument(path)).version).toBe("3.0");
    expect(parseDocument('\u{feff}{"openapi":"3.1.1","paths":{}}').version).toBe("3.1");
  });

  it("with a bound that a double cannot hold, as int64 has it", () => {
    const { root } = parseDocument('{"openapi":"3.0.0","max":9223372036854775807}');
    expect(root["max"]).toBe(2 ** 63);
  });

  it("with aliases and merged keys, as people write YAML", () => {
    const { root } = parseDocument("openapi: 3.1.0\nbase: &b {a: 1}\nx:\n  <<: *b\n  c: 2\ny: *b");
    expect(root).toMatchObject({ x: { a: 1, c: 2 }, y: { a: 1 } });
  });

  it("with words that old YAML takes for others", () => {
    const { root } = parseDocument("openapi: 3.1.0\nx: [no, on, 2020-01-01, 0o17]");
    expect(root["x"]).toEqual(["no", "on", "2020-01-01", 15]);
  });
});
