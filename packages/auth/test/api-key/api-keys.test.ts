import { describe, expect, it } from "vitest";
import { createApiKeys } from "../../src/api-key/api-keys.ts";
import { keyIdOf } from "../../src/api-key/wire.ts";
import { AuthConfigError, createApiKey } from "../../src/index.ts";

describe("createApiKey", () => {
  it("makes a key of 256 bits in the form that scanners know, and never the same one twice", () => {
    const one = createApiKey({ id: "ci", subject: "ci", scopes: [] });
    expect(one.key).toMatch(/^hmcp_ci_[A-Za-z0-9_-]{43}$/);
    expect(createApiKey({ id: "ci", subject: "ci", scopes: [] }).key).not.toBe(one.key);
  });

  it("keeps nothing of the key in the entry but its digest", () => {
    const { key, entry } = createApiKey({
      subject: "ci",
      scopes: ["a"],
      roles: ["bot"],
      expiresAt: "2099-01-01T00:00:00Z",
    });
    expect(entry).toMatchObject({
      subject: "ci",
      scopes: ["a"],
      roles: ["bot"],
      hash: expect.stringMatching(/^sha256:[\w-]{43}$/),
    });
    expect(JSON.stringify(entry)).not.toContain(key.slice(-43));
  });

  it.each(["", "a_b", "a b", "a.b", "x".repeat(65), "é"])("refuses the id %j", (id) => {
    expect(() => createApiKey({ id, subject: "ci", scopes: [] })).toThrow(AuthConfigError);
  });
});

describe("API keys", () => {
  it("are told apart by id, each with its own subject", () => {
    const made = ["a", "b", "a-b", "1"].map((id) => createApiKey({ id, subject: `s-${id}`, scopes: [id] }));
    const keys = createApiKeys(made.map(({ entry }) => entry));
    for (const { key, entry } of made) {
      expect(keys.verify(key).principal).toMatchObject({ issuer: "key", subject: entry.subject, assurance: "key" });
    }
  });

  it("hold underscores and hyphens in their secrets", () => {
    for (let round = 0; round < 200; round++) {
      const { key, entry } = createApiKey({ id: "ci", subject: "ci", scopes: [] });
      expect(createApiKeys([entry]).verify(key).principal.subject).toBe("ci");
    }
  });

  it("do not open with the secret of another key under their id", () => {
    const [one, two] = ["one", "two"].map((id) => createApiKey({ id, subject: id, scopes: [] }));
    const keys = createApiKeys([one?.entry, two?.entry].filter((entry) => entry !== undefined));
    expect(() => keys.verify(`hmcp_one_${two?.key.slice(-43)}`)).toThrow("api-key");
  });

  it("give a principal that no call can change for the next", () => {
    const { key, entry } = createApiKey({ subject: "ci", scopes: ["a"] });
    const { principal } = createApiKeys([entry]).verify(key);
    expect(() => (principal.scopes as Set<string>).add("admin")).toThrow(TypeError);
    expect(() => (principal.roles as string[]).push("admin")).toThrow(TypeError);
    expect(() => Object.assign(principal, { subject: "root" })).toThrow(TypeError);
  });

  it.each(["", "hmcp_", "hmcp__", `hmcp_${"a".repeat(43)}`, `hmcp__${"a".repeat(43)}`, `xmcp_a_${"a".repeat(43)}`])(
    "are not what %j is",
    (text) => {
      expect(keyIdOf(text)).toBeUndefined();
    },
  );
});
