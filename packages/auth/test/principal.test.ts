import { describe, expect, it } from "vitest";
import { localPrincipal, loopbackPrincipal } from "../src/principal.ts";

describe("who is on this machine", () => {
  it.each([
    ["on stdio", localPrincipal],
    ["on loopback", loopbackPrincipal],
  ])("cannot be given more by a handler (%s): one principal serves every call", (_, make) => {
    const { scopes, roles } = make({ scopes: ["a"], roles: ["r"] });
    expect(() => (scopes as Set<string>).add("admin")).toThrow(TypeError);
    expect(() => (scopes as Set<string>).delete("a")).toThrow(TypeError);
    expect(() => (roles as string[]).push("admin")).toThrow(TypeError);
    expect([...scopes, ...roles]).toEqual(["a", "r"]);
  });
});
