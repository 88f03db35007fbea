import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Json } from "../../src/model/json-schema.ts";
import type { ApiOperation } from "../../src/model/operation.ts";
import { ESCAPES, HARMLESS } from "./support/escapes.ts";
import { build, operation, parameter, refused } from "./support/operation.ts";
import { READERS, rawServer } from "./support/readers.ts";

const OPERATION = operation({ path: "/users/{id}/detail", parameters: [parameter("id", "path")] });
let server: Awaited<ReturnType<typeof rawServer>>;

beforeAll(async () => {
  server = await rawServer();
});
afterAll(() => server.close());

/** Names of the readers that see another path than `/v1/users/ONE SEGMENT/detail`. */
function misled(path: string): readonly string[] {
  return Object.entries(READERS)
    .filter(([, read]) => {
      const seen = read(path);
      return !(seen.length === 4 && seen[0] === "v1" && seen[1] === "users" && seen[3] === "detail");
    })
    .map(([name]) => name);
}

/** What peers do: the value encoded once, the URL parser has the last word. */
function naive(id: string): URL {
  return new URL(`${server.base.href}/users/${encodeURIComponent(id.toWellFormed())}/detail`);
}

async function onTheWire(url: URL): Promise<string> {
  return (await fetch(url)).text();
}

describe("path parameters", () => {
  it.each(ESCAPES)("refuses %j, naming the argument", (id) => {
    expect(refused(() => build(OPERATION, { id }))).toMatch(/^invalid_input request\/(?:path_\w+|lone_surrogate)@id$/);
  });

  it.each(HARMLESS)("sends %j in its own segment, and it comes back", async (id) => {
    const { url } = build(OPERATION, { id }, { base: server.base });
    const seen = await onTheWire(url);
    expect(decodeURIComponent(seen.split("/")[3] ?? "")).toBe(id);
    expect(misled(seen)).toEqual([]);
  });

  it("is needed: encoded once, these reach another path", async () => {
    const reached = await Promise.all(["..", "."].map((id) => onTheWire(naive(id))));
    expect(reached).toEqual(["/v1/detail", "/v1/users/detail"]);
    const climbing = ESCAPES.filter((id) => misled(naive(id).pathname).length > 0);
    expect(climbing.length).toBeGreaterThan(35);
  });

  it("is misled by no value that it lets through, whatever server reads it", async () => {
    const piece = fc.constantFrom(
      ...[
        "..",
        ".",
        "/",
        "\\",
        "%2e",
        "%2f",
        "%25",
        "%5c",
        ";",
        "%3b",
        " ",
        "\0",
        "\uff0e",
        "\uff0f",
        "a",
        "%",
        "c0%ae",
        "%c0%af",
        "é",
      ],
    );
    const value = fc.oneof(
      fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join("")),
      fc.string({ unit: "binary", maxLength: 12 }),
    );
    const sent: URL[] = [];
    fc.assert(
      fc.property(value, (id) => {
        if (refused(() => build(OPERATION, { id })) !== undefined) return;
        const { url } = build(OPERATION, { id }, { base: server.base });
        sent.push(url);
        expect(misled(url.pathname)).toEqual([]);
      }),
      { numRuns: 1500 },
    );
    expect(sent.length).toBeGreaterThan(100);
    // And what the client writes is what was looked at.
    for (const url of sent.slice(0, 100)) expect(await onTheWire(url)).toBe(url.pathname);
  });

  it.each<readonly [what: string, op: ApiOperation, args: Record<string, Json>]>([
    [
      "two dots of two parameters",
      operation({ path: "/a/{x}{y}/b", parameters: [parameter("x", "path"), parameter("y", "path")] }),
      { x: ".", y: "." },
    ],
    [
      "a dot between two empty ones",
      operation({ path: "/a/{x}.{y}/b", parameters: [parameter("x", "path"), parameter("y", "path")] }),
      { x: "", y: "" },
    ],
    [
      "the dot that label writes",
      operation({ path: "/a/{x}/b", parameters: [parameter("x", "path", { style: "label" })] }),
      { x: "." },
    ],
    [
      "label with nothing after its dot",
      operation({ path: "/a/{x}/b", parameters: [parameter("x", "path", { style: "label" })] }),
      { x: "" },
    ],
    [
      "the dots that an exploded label writes",
      operation({ path: "/a/{x}/b", parameters: [parameter("x", "path", { style: "label", explode: true })] }),
      { x: ["", ""] },
    ],
    [
      "an element of a list",
      operation({ path: "/a/{x}/b", parameters: [parameter("x", "path")] }),
      { x: ["a", "../b"] },
    ],
    [
      "a key of an object",
      operation({ path: "/a/{x}/b", parameters: [parameter("x", "path", { explode: true })] }),
      { x: { "../b": "c" } },
    ],
    ["an empty list", operation({ path: "/a/{x}/b", parameters: [parameter("x", "path")] }), { x: [] }],
    ["null", operation({ path: "/a/{x}/b", parameters: [parameter("x", "path")] }), { x: null }],
    ["nothing", operation({ path: "/a/{x}/b", parameters: [parameter("x", "path")] }), {}],
  ])("refuses %s", (_what, op, args) => {
    expect(refused(() => build(op, args))).toMatch(/^invalid_input request\/path_/);
  });

  it("does not take an inherited value for an argument", () => {
    const op = operation({ path: "/a/{constructor}", parameters: [parameter("constructor", "path")] });
    expect(refused(() => build(op, {}))).toBe("invalid_input request/path_empty@constructor");
  });

  it("lets a slash between names through as %2F only where that is asked for", () => {
    const build2 = (id: string) => build({ ...OPERATION, slashes: "encode" }, { id }).url.pathname;
    expect(build2("group/project")).toBe("/v1/users/group%2Fproject/detail");
    for (const id of [
      "/a",
      "a/",
      "a//b",
      "../a",
      "a/..",
      "a/./b",
      "a%2f..",
      "a\\b",
      "a/%2e%2e/b",
      "a%2fb",
      "a\uff0fb",
      "a/..;x/b",
    ]) {
      expect(
        refused(() => build2(id)),
        id,
      ).toMatch(/^invalid_input/);
    }
  });

  it.each(["/a/../b", "/a/%2e%2e/b", "/a\\b", "/a?x=1", "/a#b", "/a\tb"])(
    "refuses an operation whose own template is %j",
    (path) => {
      const outcome = refused(() => build(operation({ path })));
      const sent = outcome === undefined ? build(operation({ path })).url : undefined;
      // Either nothing is sent, or exactly one segment for each of the template, with nothing of it read as query or fragment.
      expect(sent === undefined ? outcome : [sent.search, sent.hash, sent.pathname.split("/").length]).toEqual(
        sent === undefined ? "internal request/url" : ["", "", path.split("/").length + 1],
      );
    },
  );

  it("keeps to the base path, with and without a slash at its end", () => {
    for (const base of [
      "https://api.example.com",
      "https://api.example.com/",
      "https://api.example.com/v1/",
      "https://u:p@api.example.com/v1?k=v#f",
    ]) {
      const { url } = build(operation(), {}, { base: new URL(base) });
      expect(url.href).toMatch(/^https:\/\/api\.example\.com(?:\/v1)?\/things$/);
    }
  });

  it("refuses a URL that servers would not read to its end", () => {
    expect(refused(() => build(OPERATION, { id: "a".repeat(8192) }))).toBe("too_large request/url_size");
  });
});
