import { describe, expect, it } from "vitest";
import type { Json } from "../../src/model/json-schema.ts";
import type { Pagination } from "../../src/model/operation.ts";
import { nextTarget, parseLinks } from "../../src/response/link-header.ts";
import { nextPage } from "../../src/response/next-page.ts";
import { operation, parameter } from "../request/support/operation.ts";

const PARAMETERS = [
  parameter("page", "query", { schema: { type: "integer", default: 1 } }),
  parameter("per_page", "query", { argument: "size", schema: { type: "integer" } }),
  parameter("q", "query", { schema: { type: "string" } }),
  parameter("all", "query", { schema: { type: "boolean" } }),
  parameter("tag", "query", { schema: { type: "array" } }),
  parameter("id", "path"),
];
const URL_ = new URL("https://api.example.com/v1/things?page=1");

function next(pagination: Pagination, parts: { body?: Json; link?: string; args?: Record<string, Json> } = {}) {
  const { body, link, args = {} } = parts;
  return nextPage({ operation: operation({ parameters: PARAMETERS, pagination }), args, url: URL_, link, body });
}

describe("the next page", () => {
  const page = (fits: (argument: string, value: Json) => boolean) =>
    nextPage({
      operation: operation({ parameters: PARAMETERS, pagination: { type: "link" } }),
      args: {},
      url: URL_,
      link: '<?page=2&q=x>; rel="next"',
      body: undefined,
      fits,
    });

  it("is none where the tool would refuse one of its arguments", () => {
    expect(page(() => true)).toEqual({ page: 2, q: "x" });
    expect(page((argument) => argument !== "q")).toBeUndefined();
  });
});

describe("the next page by Link", () => {
  const link = (target: string, rest = '; rel="next"') => `<${target}>${rest}`;
  const by = (header: string, args?: Record<string, Json>) =>
    next({ type: "link" }, { link: header, ...(args === undefined ? {} : { args }) });

  it("is the declared query parameters that differ", () => {
    const target =
      "https://api.example.com/v1/things?page=2&per_page=50&q=a%26b&all=true&tag=x&tag=y&api_key=leak&id=7";
    expect(by(link(target), { q: "a&b" })).toEqual({ page: 2, size: 50, all: true, tag: ["x", "y"] });
  });

  it.each([
    "/v1/things?page=2",
    "?page=2",
    "https://api.example.com:443/v1/things?page=2",
    "https://api.example.com/elsewhere?page=2",
  ])("may be written as %s", (target) => {
    expect(by(link(target))).toEqual({ page: 2 });
  });

  it.each([
    ...[
      "https://evil.example/v1/things?page=2",
      "//evil.example/?page=2",
      "http://api.example.com/v1/things?page=2",
      "https://api.example.com:8443/?page=2",
    ],
    ...[
      "javascript:page=2",
      "https://api.example.com@evil.example/?page=2",
      "\\\\evil.example/?page=2",
      "?page=two",
      "?page=1e9",
      "?page=2&page=3",
      "?other=1",
      "",
    ],
    `?q=${"a".repeat(2049)}`,
  ])("is none at %s", (target) => {
    expect(by(link(target), { page: 1 })).toBeUndefined();
  });

  it("is none where it would be the same page again", () => {
    expect(by(link("?page=1&q=a"), { page: 1, q: "a" })).toBeUndefined();
  });

  it.each<readonly [string, string | undefined]>([
    ['<a>; rel="next"', "a"],
    ["<a>; rel=next", "a"],
    ['<a>; REL="prev NEXT"', "a"],
    ['<x,y;z>; title="a, <b>; rel=next"; rel="prev", <b>; rel="next"', "b"],
    ['<a>; rel="prev"; rel="next", <b>; rel=next', "b"],
    ['<a>; title="q\\"uo"; rel=next', "a"],
    [", ,<a>;rel=next", "a"],
    ['<a>; rel=next; anchor="/other"', undefined],
    ["<a> rel=next", undefined],
    ["a; rel=next", undefined],
    ["<a>; rel=", undefined],
    ['<a>; rel="next', undefined],
    ["<a>; rel=nextish", undefined],
    ["<<a>; rel=next", undefined],
    ["", undefined],
  ])("of %s leads to %s", (header, target) => {
    expect(nextTarget(header)).toBe(target);
  });

  it("is found in time in hostile headers", () => {
    const start = performance.now();
    for (const piece of [" ", ";", ",", "<", '<a>;x="', "\\", "<a>; x = ", '"\\'])
      parseLinks(`<a>${piece.repeat(64 * 1024)}`);
    expect(performance.now() - start).toBeLessThan(10_000);
  });
});

describe("the next page by cursor", () => {
  const pagination: Pagination = { type: "cursor", from: ["meta", "next"], argument: "q" };
  it.each<readonly [Json, Json | undefined]>([
    [{ meta: { next: "abc" } }, "abc"],
    [{ meta: { next: 7 } }, "7"],
    [{ meta: { next: "" } }, undefined],
    [{ meta: { next: null } }, undefined],
    [{ meta: { next: { a: 1 } } }, undefined],
    [{ meta: { next: "a".repeat(2049) } }, undefined],
    [{ meta: [] }, undefined],
    [{}, undefined],
    [[], undefined],
  ])("in %j is %j", (body, cursor) => {
    expect(next(pagination, { body })).toEqual(cursor === undefined ? undefined : { q: cursor });
  });

  it("is none where the API gives the same again", () => {
    expect(next(pagination, { body: { meta: { next: "abc" } }, args: { q: "abc" } })).toBeUndefined();
  });

  it("is not inherited", () => {
    expect(next({ type: "cursor", from: ["constructor", "name"], argument: "q" }, { body: {} })).toBeUndefined();
  });
});

describe("the next page by number", () => {
  const page: Pagination = { type: "page", argument: "page", sizeArgument: "size" };
  const offset: Pagination = { type: "offset", argument: "offset", sizeArgument: "size" };
  it.each<readonly [Pagination, Json, Record<string, Json>, Record<string, Json> | undefined]>([
    [page, [1, 2], { size: 2 }, { page: 2 }],
    [page, [1], { size: 2 }, undefined],
    [page, { items: [1, 2], total: 9 }, { size: 2, page: 4 }, { page: 5 }],
    [page, [], {}, undefined],
    [page, { a: [1], b: [2] }, {}, undefined],
    [page, "text", {}, undefined],
    [page, [1], { page: Number.MAX_SAFE_INTEGER }, undefined],
    [offset, [1, 2], { size: 2 }, { offset: 2 }],
    [offset, [1, 2, 3], {}, { offset: 3 }],
    [offset, [1, 2], { offset: 10, size: 2 }, { offset: 12 }],
  ])("%j after %j with %j is %j", (pagination, body, args, expected) => {
    expect(next(pagination, { body, args })).toEqual(expected);
  });
});
