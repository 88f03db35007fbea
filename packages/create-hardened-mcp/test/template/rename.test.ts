import { expect, test } from "vitest";
import { placeOf, renamed } from "../../src/template/rename.ts";

test.each([
  ['"my-server"', '"shop"'],
  ["my-server-database my-server-http-api", "shop shop"],
  ["my-server-databases my-server.cedar my-server-", "shop-databases shop.cedar shop-"],
  ["dummy-server my-servers myServer my-server2", "dummy-server my-servers myServer my-server2"],
  ["my-servermy-server", "my-servermy-server"],
])("%j becomes %j", (text, expected) => {
  expect(renamed(text, "shop")).toBe(expected);
});

test("a name is put in as it is, once", () => {
  expect(renamed("my-server", "my-server-2")).toBe("my-server-2");
  expect(renamed("my-server", "$&$1")).toBe("$&$1");
});

test.each([
  ["_gitignore", ".gitignore"],
  ["_biome.json", "biome.json"],
  ["_github/workflows/ci.yml", ".github/workflows/ci.yml"],
  ["policy/my-server.cedar", "policy/shop.cedar"],
  ["src/tools/read_note.ts", "src/tools/read_note.ts"],
])("%s goes to %s", (path, place) => {
  expect(placeOf(path, "shop")).toBe(place);
});
