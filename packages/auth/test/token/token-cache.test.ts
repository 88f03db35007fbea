import { beforeEach, describe, expect, it } from "vitest";
import { createTokenCache } from "../../src/token/token-cache.ts";
import type { VerifiedToken } from "../../src/token/verified-token.ts";
import { passSeconds, stopClocks } from "../support/time.ts";

beforeEach(stopClocks);

function verified(expiresAt?: number): VerifiedToken {
  return {
    principal: { issuer: "https://as.example", subject: "alice", scopes: new Set(), roles: [], assurance: "token" },
    expiresAt,
    issuedAt: undefined,
    jti: undefined,
    confirmation: { jkt: undefined, x5t: undefined },
  };
}

describe("the token cache", () => {
  it("gives the very same object until its time is over", async () => {
    const cache = createTokenCache({ maxEntries: 10, maxAgeMs: 60_000 });
    const token = await cache.getOrVerify("a", async () => verified());
    passSeconds(59);
    expect(cache.get("a")).toBe(token);
    passSeconds(1);
    expect(cache.get("a")).toBeUndefined();
  });

  it("gives nothing beyond the token's own end", async () => {
    const cache = createTokenCache({ maxEntries: 10, maxAgeMs: 60_000 });
    await cache.getOrVerify("a", async () => verified(Date.now() + 5_000));
    passSeconds(4);
    expect(cache.get("a")).toBeDefined();
    passSeconds(1);
    expect(cache.get("a")).toBeUndefined();
  });

  it("holds no more than it may, and lets the one go that was not used for the longest", async () => {
    const cache = createTokenCache({ maxEntries: 3, maxAgeMs: 60_000 });
    for (const digest of ["a", "b", "c"]) await cache.getOrVerify(digest, async () => verified());
    cache.get("a");
    await cache.getOrVerify("d", async () => verified());
    expect(["a", "b", "c", "d"].filter((digest) => cache.get(digest) !== undefined)).toEqual(["a", "c", "d"]);
  });

  it("verifies once for all who bring the same token at the same time", async () => {
    const cache = createTokenCache({ maxEntries: 3, maxAgeMs: 60_000 });
    let times = 0;
    const verify = async () => {
      times++;
      return verified();
    };
    const tokens = await Promise.all(Array.from({ length: 20 }, () => cache.getOrVerify("a", verify)));
    expect([times, new Set(tokens).size]).toEqual([1, 1]);
  });

  it("remembers no refusal", async () => {
    const cache = createTokenCache({ maxEntries: 3, maxAgeMs: 60_000 });
    await expect(cache.getOrVerify("a", () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect((await cache.getOrVerify("a", async () => verified())).principal.subject).toBe("alice");
  });

  it("remembers nothing where it may hold nothing", async () => {
    const cache = createTokenCache({ maxEntries: 0, maxAgeMs: 60_000 });
    await cache.getOrVerify("a", async () => verified());
    expect(cache.get("a")).toBeUndefined();
  });
});
