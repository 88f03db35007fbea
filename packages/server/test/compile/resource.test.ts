import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isCanonicalUri } from "../../src/define/canonical-uri.ts";
import { defineResource, type ResourceSpec } from "../../src/define/resource.ts";
import { testServer } from "../support/server.ts";
import { alice, errorOf, walk } from "../support/walk.ts";

type Spec = ResourceSpec<Record<never, never>>;

/** A server with one resource that gives back what it was asked for, and what comes of reading `uri`. */
function reader(template: string, more: Partial<Spec> = {}) {
  const { server } = testServer({
    resources: [
      defineResource({
        name: "r",
        description: "x",
        scope: "echo:use",
        uri: template,
        read: ({ uri, variables }) => [{ uri, text: JSON.stringify(variables) }],
        ...more,
      }),
    ],
  });
  return async (uri: string) => {
    const answer = await walk(server, { method: "resources/read", name: uri, args: {}, principal: alice });
    return answer.ok
      ? (answer.result as unknown as { contents: { text: string }[] }).contents[0]?.text
      : { ...errorOf(answer), ref: "" };
  };
}

describe("another spelling of a URI", () => {
  /** Each is, to `new URL`, to RFC 3986 or to a parser somewhere, what the list calls x:///public/a or x:///private/b. */
  const SPELLINGS: readonly (readonly [string, string])[] = [
    ["dots", "x:///public/../private/b"],
    ["one dot", "x:///./public/a"],
    ["encoded dots", "x:///public/%2e%2e/private/b"],
    ["encoded dots in upper case", "x:///public/%2E%2E/private/b"],
    ["a dot and an encoded one", "x:///public/.%2E/private/b"],
    ["a tab between dots", "x:///public/.\t./private/b"],
    ["a line end between dots", "x:///public/.\n./private/b"],
    ["an encoded letter", "x:///%70rivate/b"],
    ["an encoded digit", "x:///public/%31"],
    ["an encoded tilde", "x:///public/%7Ea"],
    ["hex digits in lower case", "x:///public/%c3%a9"],
    ["a letter that is not encoded", "x:///public/é"],
    ["a space", "x:///public/a b"],
    ["a space at the end", "x:///public/a "],
    ["a backslash", "x:///public\\..\\private\\b"],
    ["half of an encoding", "x:///public/%7"],
    ["NUL", "x:///public/a\0"],
    ["half of a pair", "x:///public/\ud800"],
  ];

  it.each(SPELLINGS)("does not exist, in the words for what does not: %s", async (_, uri) => {
    const read = reader("x:///{+path}");
    expect(await read(uri)).toEqual(await read("y:///nothing"));
    expect(isCanonicalUri(uri)).toBe(false);
  });

  it.each([
    ["HTTP://example.com/a"],
    ["http://EXAMPLE.com/a"],
    ["http://example.com:80/a"],
    ["http://example.com\\a"],
    ["http://0x7f.1/a"],
    ["http://@example.com/a"],
    ["urn:a/../b"],
    ["urn:a/./b"],
    ["urn:é"],
    ["x://"],
    ["no scheme"],
    [""],
  ])("is told from the one that holds: %j", (uri) => {
    // A scheme with nothing behind it names what it names in one way only.
    expect(isCanonicalUri(uri)).toBe(uri === "x://");
  });

  it("does not exist where its author knows it for one, nor where that question throws", async () => {
    const read = reader("x:///{+path}", {
      isCanonical: (uri) => {
        if (uri.includes("!")) throw new Error("canary");
        return !uri.includes("%21");
      },
    });
    const unknown = await read("y:///nothing");
    expect(await read("x:///a")).toBe('{"path":"a"}');
    expect(await read("x:///a%21")).toEqual(unknown);
    expect(await read("x:///a!")).toEqual(unknown);
  });

  it("keeps a server with such a fixed URI from starting, and names the right one", () => {
    expect(() => reader("http://example.com")).toThrow("Write: http://example.com/.");
    expect(() => reader("note:///caf%c3%a9")).toThrow("RFC 3986");
    expect(() => reader("note:///x", { isCanonical: () => false })).toThrow("note:///x");
  });
});

describe("the one spelling of a URI", () => {
  it.each([
    ["test://template/{id}/data", "test://template/123/data", { id: "123" }],
    ["test://static-text", "test://static-text", {}],
    ["note://{id}", "note://7", { id: "7" }],
    ["NOTE-{id}", "note-7", undefined],
    ["x:///{+path}", "x:///a%20b/%25/c%23", { path: "a%20b/%25/c%23" }],
    ["urn:isbn:{number}", "urn:isbn:9780131103627", { number: "9780131103627" }],
    ["http://[::1]/{id}", "http://[::1]/a?b=c#d", { id: "a?b=c#d" }],
  ])("gives %s its variables as they stand: %s", async (template, uri, variables) => {
    const text = await reader(template)(uri);
    if (variables === undefined) expect(text).toMatchObject({ code: "not_found" });
    else expect(JSON.parse(String(text))).toEqual(variables);
  });

  it("is what encodeURIComponent and URL make of any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", minLength: 1 }), (text) => {
        fc.pre(text.isWellFormed() && !/^\.\.?$/.test(text));
        expect(isCanonicalUri(`x:///${encodeURIComponent(text)}`)).toBe(true);
      }),
    );
  });

  it("is one only: whatever is spelt right is the same after URL and decoding", () => {
    const part = fc.constantFrom(
      "a",
      "%61",
      "%2e",
      ".",
      "..",
      "/",
      "\\",
      "%2F",
      "%C3%A9",
      "%c3",
      "é",
      "\t",
      "?",
      "#",
      "%",
    );
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 6 }), (parts) => {
        const uri = `x:///${parts.join("")}`;
        if (!isCanonicalUri(uri)) return;
        expect(new URL(uri).href).toBe(uri);
        expect(uri).not.toMatch(/%2[eE]|%61|[\\\té]/);
        // Dots name folders in a path only.
        expect(uri.split(/[?#]/)[0]).not.toMatch(/\/\.\.?(?:\/|$)/);
      }),
    );
  });
});
