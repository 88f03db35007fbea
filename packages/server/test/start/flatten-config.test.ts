import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { configHash, flattenConfig, shownConfig } from "../../src/start/flatten-config.ts";

const flat = (config: unknown, redact = (text: string) => text) => Object.fromEntries(flattenConfig(config, redact));

describe("a configuration for the record", () => {
  it("is flat, with lists as their length and their items", () => {
    expect(
      flat({ roots: ["/a", { path: "/b" }], limits: { deadlineMs: 5 }, on: true, none: null, no: undefined }),
    ).toEqual({
      roots: 2,
      "roots.0": "/a",
      "roots.1.path": "/b",
      "limits.deadlineMs": 5,
      on: true,
      none: "null",
    });
  });

  it("counts the items of a long list, shows the first, and has all of them in its hash", () => {
    const list = (last: string) => flattenConfig({ deny: [...Array(900).fill("x"), last] }, (text) => text);
    const shown = shownConfig(list("a"));
    expect(shown.get("deny")).toBe(901);
    expect([...shown.keys()]).toHaveLength(17);
    expect(configHash(list("a"))).not.toBe(configHash(list("b")));
  });

  it("shows whom keys are for, and no key", () => {
    expect(flat({ apiKeys: [{ id: "ci", secret: "x" }, "bare", ["nested"]] })).toEqual({
      apiKeys: 3,
      "apiKeys.2": 1,
      "apiKeys.2.0": "(masked)",
      "apiKeys.0.id": "ci",
      "apiKeys.0.secret": "(masked)",
      "apiKeys.1": "(masked)",
    });
  });

  it.each([
    ["clientSecret", "x"],
    ["token", "x"],
    ["apiKey", "x"],
    ["api_key", 1234],
    ["password", "x"],
    ["Authorization", "x"],
    ["credentials", { user: "x" }],
  ])("masks %s", (name, value) => {
    expect(flat({ a: { [name]: value } })).toEqual({ [`a.${name}`]: "(masked)" });
  });

  it.each([
    ["keyFile", "/etc/key.pem"],
    ["clientSecretFile", "/etc/secret"],
    ["secrets", true],
    ["keepAliveMs", 5],
  ])("shows %s, which is no secret", (name, value) => {
    expect(flat({ [name]: value })).toEqual({ [name]: value });
  });

  it.each([
    ["redis://user:p@ss@host:6379/0", "redis://(masked)@host:6379/0"],
    ["https://host/path?token=x#here", "https://host/path?(masked)#here"],
    ["https://host/a@b", "https://host/a@b"],
  ])("takes the login out of %s", (url, shown) => {
    expect(flat({ url })).toEqual({ url: shown });
  });

  it("shows no text that has not been redacted", () => {
    const texts = fc.oneof(fc.string(), fc.webUrl());
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.oneof(texts, fc.array(texts), fc.dictionary(fc.string(), texts))),
        (config) => {
          for (const value of Object.values(flat(config, () => "seen"))) {
            expect(typeof value === "number" || ["seen", "(masked)"].includes(String(value))).toBe(true);
          }
        },
      ),
    );
  });

  it("ends, however deep it is", () => {
    let deep: object = {};
    for (let at = 0; at < 10_000; at++) deep = { a: deep };
    expect(Object.values(flat(deep))).toEqual(["(deeper)"]);
  });

  it("has a hash of what is shown, which tells nothing of what is not", () => {
    const hash = (config: unknown) => configHash(flattenConfig(config, (text) => text));
    expect(hash({ a: 1, token: "x" })).toBe(hash({ a: 1, token: "y" }));
    expect(hash({ a: 1 })).not.toBe(hash({ a: 2 }));
  });
});

it("shows the program of a command and none of its arguments", () => {
  const audit = { signer: { command: ["/usr/bin/sign", "--pin", "9137"], publicKey: "notes/k+1+x" } };
  const flat = flattenConfig({ audit }, (text) => text);
  expect(flat.get("audit.signer.command.0")).toBe("/usr/bin/sign");
  expect(JSON.stringify([...flat])).not.toMatch(/9137|--pin/);
});
