import { describe, expect, it } from "vitest";
import type { GuardedFetch } from "../../src/fetch/guarded-fetch.ts";
import { createDiscovery } from "../../src/keys/discovery.ts";
import type { Trouble } from "../../src/keys/trouble.ts";

/** An issuer's well-known documents, by URL. */
function published(documents: Readonly<Record<string, unknown>>) {
  const asked: string[] = [];
  const troubles: Trouble[] = [];
  const fetch: GuardedFetch = async (url) => {
    asked.push(url.href);
    const document = documents[url.href];
    const status = document === undefined ? 404 : 200;
    return { status, headers: { get: () => undefined }, body: JSON.stringify(document ?? {}) };
  };
  const find = (issuer: string) => createDiscovery(issuer, fetch, (each) => troubles.push(each)).find("jwks_uri");
  return { asked, troubles, find };
}

const PATHS = [
  "https://as.example/.well-known/oauth-authorization-server/tenant",
  "https://as.example/.well-known/openid-configuration/tenant",
  "https://as.example/tenant/.well-known/openid-configuration",
];

describe("discovery", () => {
  it.each(PATHS)("finds the keys by %s", async (place) => {
    const issuer = "https://as.example/tenant";
    const { find, asked } = published({ [place]: { issuer, jwks_uri: "https://keys.example/jwks" } });
    expect((await find(issuer))?.href).toBe("https://keys.example/jwks");
    expect(asked).toEqual(PATHS.slice(0, PATHS.indexOf(place) + 1));
  });

  it.each([
    ["https://as.example", "https://as.example/.well-known/openid-configuration"],
    ["https://as.example/", "https://as.example/.well-known/openid-configuration"],
    ["https://as.example/a/", "https://as.example/a/.well-known/openid-configuration"],
  ])("takes the issuer %s as it is written", async (issuer, place) => {
    const { find } = published({ [place]: { issuer, jwks_uri: "https://as.example/jwks" } });
    expect(await find(issuer)).toBeDefined();
  });

  it.each([
    ["another issuer", "https://evil.example"],
    ["the issuer with a slash more", "https://as.example/"],
    ["no issuer", undefined],
    ["a list", ["https://as.example"]],
  ])("refuses metadata that is of %s, and looks no further", async (_, issuer) => {
    const { find, asked, troubles } = published({
      "https://as.example/.well-known/oauth-authorization-server": { issuer, jwks_uri: "https://evil.example/jwks" },
      "https://as.example/.well-known/openid-configuration": {
        issuer: "https://as.example",
        jwks_uri: "https://as.example/jwks",
      },
    });
    expect(await find("https://as.example")).toBeUndefined();
    expect(troubles).toEqual([{ issuer: "https://as.example", what: "discovery", code: "issuer-mismatch" }]);
    expect(asked).toHaveLength(1);
  });

  it("finds nothing where nothing is published", async () => {
    const { find, troubles } = published({});
    expect(await find("https://as.example")).toBeUndefined();
    expect(troubles[0]?.code).toBe("answer");
  });
});
