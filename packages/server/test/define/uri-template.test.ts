import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileUriTemplate } from "../../src/define/uri-template.ts";

describe("a URI template", () => {
  it.each<[string, string, Record<string, string> | undefined]>([
    ["note://{id}", "note://7", { id: "7" }],
    ["note://{id}", "note://", undefined],
    ["note://{id}", "note://a/b", undefined],
    ["note://{id}", "NOTE://7", undefined],
    ["note://{id}/x", "note://7/x", { id: "7" }],
    ["note://{id}/x", "note://7/xx", undefined],
    ["note://{a}/{b}", "note://1/2", { a: "1", b: "2" }],
    ["file:///{+path}", "file:///a/b/c", { path: "a/b/c" }],
    ["file:///{+path}", "file:///", undefined],
    ["fixed://x", "fixed://x", {}],
    ["fixed://x", "fixed://xy", undefined],
  ])("%s on %s", (template, uri, variables) => expect(compileUriTemplate(template).match(uri)).toEqual(variables));

  it.each([
    "{/id*}",
    "{id*}",
    "{?q}",
    "{#f}",
    "{a,b}",
    "{a}{b}",
    "{+rest}/x",
    "{a}{+rest}",
    "{}",
    "{__proto__}",
    "x{y",
    "x}y",
    "{a}/{a}",
  ])("%s is refused at start", (template) => expect(() => compileUriTemplate(`x://${template}`)).toThrow(TypeError));

  it("gives back the variables it was filled with", () => {
    const value = fc.stringMatching(/^[a-z0-9.~%-]{1,20}$/);
    fc.assert(
      fc.property(value, value, (a, b) => {
        expect(compileUriTemplate("x://{a}/{b}/end").match(`x://${a}/${b}/end`)).toEqual({ a, b });
      }),
    );
  });

  it("never throws on a client's URI", () => {
    const { match } = compileUriTemplate("x://{a}/{b}-{+c}");
    fc.assert(fc.property(fc.string({ unit: "binary" }), (tail) => void match(`x://${tail}`)));
  });
});
