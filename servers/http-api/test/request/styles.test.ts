import { describe, expect, it } from "vitest";
import type { Json } from "../../src/model/json-schema.ts";
import type { ApiParameter, ParameterStyle } from "../../src/model/operation.ts";
import { build, operation, parameter } from "./support/operation.ts";

const ARRAY = ["blue", "black", "brown"];
const OBJECT = { R: 100, G: 200, B: 150 };

type Row = readonly [style: ParameterStyle, explode: boolean, value: Json, written: string];

/** The table of OpenAPI 3.1.1, 4.8.12.4 "Style Examples"; what it has no example for is by RFC 6570. */
const PATH: readonly Row[] = [
  ["simple", false, "blue", "blue"],
  ["simple", false, ARRAY, "blue,black,brown"],
  ["simple", true, ARRAY, "blue,black,brown"],
  ["simple", false, OBJECT, "R,100,G,200,B,150"],
  ["simple", true, OBJECT, "R=100,G=200,B=150"],
  ["label", false, "blue", ".blue"],
  ["label", false, ARRAY, ".blue,black,brown"],
  ["label", true, ARRAY, ".blue.black.brown"],
  ["label", false, OBJECT, ".R,100,G,200,B,150"],
  ["label", true, OBJECT, ".R=100.G=200.B=150"],
  ["matrix", false, "", ";color"],
  ["matrix", false, "blue", ";color=blue"],
  ["matrix", false, ARRAY, ";color=blue,black,brown"],
  ["matrix", true, ARRAY, ";color=blue;color=black;color=brown"],
  ["matrix", false, OBJECT, ";color=R,100,G,200,B,150"],
  ["matrix", true, OBJECT, ";R=100;G=200;B=150"],
  ["matrix", true, ["", "a"], ";color;color=a"],
  // Reserved characters of values never stand for themselves (RFC 6570, 3.2.2).
  ["simple", false, "a b", "a%20b"],
  ["simple", false, "a,b", "a%2Cb"],
  ["simple", false, ["a,b", "c"], "a%2Cb,c"],
  ["simple", false, "?x=1#y", "%3Fx%3D1%23y"],
  ["simple", false, "a;b=c", "a%3Bb%3Dc"],
  ["simple", false, "it's (1)!*", "it%27s%20%281%29%21%2A"],
  ["simple", false, "100%", "100%25"],
  ["simple", false, "a+b&c", "a%2Bb%26c"],
  ["simple", false, "é€😀", "%C3%A9%E2%82%AC%F0%9F%98%80"],
  ["simple", false, "a@b:c", "a%40b%3Ac"],
  ["simple", false, "v1.2", "v1.2"],
  ["simple", false, ".hidden", ".hidden"],
  ["simple", false, "a..b", "a..b"],
  ["simple", false, 0, "0"],
  ["simple", false, -1.5, "-1.5"],
  ["simple", false, true, "true"],
  ["simple", false, ["a", null, "b"], "a,b"],
];

const QUERY: readonly Row[] = [
  ["form", false, "", "color="],
  ["form", true, "", "color="],
  ["form", false, "blue", "color=blue"],
  ["form", false, ARRAY, "color=blue,black,brown"],
  ["form", true, ARRAY, "color=blue&color=black&color=brown"],
  ["form", false, OBJECT, "color=R,100,G,200,B,150"],
  ["form", true, OBJECT, "R=100&G=200&B=150"],
  ["spaceDelimited", false, ARRAY, "color=blue%20black%20brown"],
  ["spaceDelimited", false, OBJECT, "color=R%20100%20G%20200%20B%20150"],
  ["pipeDelimited", false, ARRAY, "color=blue%7Cblack%7Cbrown"],
  ["pipeDelimited", false, OBJECT, "color=R%7C100%7CG%7C200%7CB%7C150"],
  ["pipeDelimited", true, ARRAY, "color=blue&color=black&color=brown"],
  ["spaceDelimited", false, "blue", "color=blue"],
  ["deepObject", true, OBJECT, "color%5BR%5D=100&color%5BG%5D=200&color%5BB%5D=150"],
  [
    "deepObject",
    true,
    { a: { b: "c" }, d: ["e", "f"] },
    "color%5Ba%5D%5Bb%5D=c&color%5Bd%5D%5B0%5D=e&color%5Bd%5D%5B1%5D=f",
  ],
  ["deepObject", true, { a: null, b: "" }, "color%5Bb%5D="],
  // Null, and what has no members, is undefined and not sent (RFC 6570, 2.3 and 3.2.1).
  ["form", true, null, ""],
  ["form", true, [], ""],
  ["form", false, [], ""],
  ["form", true, {}, ""],
  ["form", true, [null], ""],
  ["deepObject", true, {}, ""],
  ["form", true, ["a", null, ""], "color=a&color="],
  ["form", true, false, "color=false"],
  ["form", true, 1e21, "color=1e%2B21"],
  ["form", true, "a&role=admin", "color=a%26role%3Dadmin"],
  ["form", true, "a+b c", "color=a%2Bb%20c"],
  ["form", true, "a#b", "color=a%23b"],
  ["form", true, "/?:@!$'()*,;[]", "color=%2F%3F%3A%40%21%24%27%28%29%2A%2C%3B%5B%5D"],
  ["form", true, "a\r\nb", "color=a%0D%0Ab"],
];

describe("the styles of OpenAPI", () => {
  it.each(PATH)("path, %s, explode %s: %j is %s", (style, explode, value, written) => {
    const op = operation({ path: "/x/{color}/y", parameters: [parameter("color", "path", { style, explode })] });
    expect(build(op, { color: value }).url.href).toBe(`https://api.example.com/v1/x/${written}/y`);
  });

  it.each(QUERY)("query, %s, explode %s: %j is %s", (style, explode, value, written) => {
    const op = operation({ parameters: [parameter("color", "query", { style, explode })] });
    expect(build(op, { color: value }).url.href).toBe(
      `https://api.example.com/v1/things${written === "" ? "" : `?${written}`}`,
    );
  });

  it.each<readonly [explode: boolean, value: Json, written: string]>([
    [false, "blue", "blue"],
    [false, ARRAY, "blue,black,brown"],
    [false, OBJECT, "R,100,G,200,B,150"],
    [true, OBJECT, "R=100,G=200,B=150"],
    [false, "", ""],
    [false, 'W/"a b"', 'W/"a b"'],
  ])("header, explode %s: %j is %s", (explode, value, written) => {
    const op = operation({ parameters: [parameter("X-Color", "header", { argument: "color", explode })] });
    expect(build(op, { color: value }).headers["x-color"]).toBe(written);
  });

  const reserved: Partial<ApiParameter> = { allowReserved: true };
  it.each([
    // The quote is written as the URL parser writes it.
    ["/?:@!$'()*,[]", "color=/?:@!$%27()*,[]"],
    // Readers of old forms begin a parameter there (HTML 4.01, B.2.2; CVE-2021-23336).
    ["a;b", "color=a%3Bb"],
    ["a&b=c+d#e", "color=a%26b%3Dc%2Bd%23e"],
    ["%26", "color=%2526"],
    ["a b|", "color=a%20b%7C"],
  ])("allowReserved: %s is %s", (value, written) => {
    const op = operation({ parameters: [parameter("color", "query", reserved)] });
    expect(build(op, { color: value }).url.search).toBe(`?${written}`);
  });

  it.each<readonly [Json, string]>([
    [{ a: [1, "b&c"] }, "filter=%7B%22a%22%3A%5B1%2C%22b%26c%22%5D%7D"],
    ["x", "filter=%22x%22"],
    [null, "filter=null"],
  ])("content: JSON writes %j as %s", (value, written) => {
    const op = operation({ parameters: [parameter("filter", "query", { asJson: true })] });
    expect(build(op, { filter: value }).url.search).toBe(`?${written}`);
  });

  it("writes parameters in the order of the operation, under their wire names", () => {
    const op = operation({
      parameters: [
        parameter("filter[state]", "query", { argument: "state" }),
        parameter("q", "query"),
        parameter("unused", "query"),
      ],
    });
    expect(build(op, { q: "b", state: "open" }).url.search).toBe("?filter%5Bstate%5D=open&q=b");
  });
});
