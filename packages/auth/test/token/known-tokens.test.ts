import { beforeEach, describe, expect, it } from "vitest";
import { createKnownTokens, type KnownTokens } from "../../src/token/known-tokens.ts";
import type { VerifiedToken } from "../../src/token/verified-token.ts";
import { passSeconds, stopClocks } from "../support/time.ts";

beforeEach(stopClocks);

const DAY_MS = 86_400_000;

function verified(expiresAt?: number): VerifiedToken {
  return {
    principal: { issuer: "https://as.example", subject: "alice", scopes: new Set(), roles: [], assurance: "token" },
    expiresAt,
    issuedAt: undefined,
    jti: undefined,
    confirmation: { jkt: undefined, x5t: undefined },
  };
}

/** How each of these tokens is refused; `good`: it is not. */
function standing(known: KnownTokens, digests: readonly string[]): string[] {
  return digests.map((digest) => {
    try {
      known.requireGood(digest);
      return "good";
    } catch (error) {
      return error instanceof Error ? error.message : "";
    }
  });
}

describe("tokens that were good before", () => {
  it("are known until their own end, and then as expired", () => {
    const known = createKnownTokens(10, DAY_MS);
    known.good("a", verified(Date.now() + 3_600_000));
    passSeconds(3_599);
    expect([standing(known, ["a", "b"]), known.isGood("a")]).toEqual([["good", "not-known"], true]);
    passSeconds(1);
    expect([standing(known, ["a"]), known.isGood("a")]).toEqual([["expired"], false]);
  });

  it("are known for the longest life where they name no end", () => {
    const known = createKnownTokens(10, DAY_MS);
    known.good("a", verified());
    passSeconds(86_399);
    expect(standing(known, ["a"])).toEqual(["good"]);
    passSeconds(1);
    expect(standing(known, ["a"])).toEqual(["expired"]);
  });

  it("are known as ended once their issuer ended them, until it says otherwise", () => {
    const known = createKnownTokens(10, DAY_MS);
    for (const digest of ["a", "b"]) known.good(digest, verified());
    for (const digest of ["a", "never seen"]) known.ended(digest);
    expect(standing(known, ["a", "b", "never seen"])).toEqual(["inactive", "good", "not-known"]);
    expect(known.isGood("a")).toBe(false);
    known.good("a", verified());
    expect(standing(known, ["a"])).toEqual(["good"]);
  });

  it("are forgotten in the order in which they were last good", () => {
    const known = createKnownTokens(3, DAY_MS);
    for (const digest of ["a", "b", "c", "a", "d"]) known.good(digest, verified());
    expect(standing(known, ["a", "b", "c", "d"])).toEqual(["good", "not-known", "good", "good"]);
  });

  it("do not stay for being refused again and again", () => {
    const known = createKnownTokens(2, DAY_MS);
    for (const digest of ["a", "b"]) known.good(digest, verified());
    for (let round = 0; round < 5; round++) known.ended("a");
    known.good("c", verified());
    expect(standing(known, ["a", "b", "c"])).toEqual(["not-known", "good", "good"]);
  });

  it("are no more than they may be, however many come", () => {
    const known = createKnownTokens(1_000, DAY_MS);
    const all = Array.from({ length: 100_000 }, (_, at) => `digest ${at}`);
    for (const digest of all) {
      known.good(digest, verified());
      known.ended(`${digest} that was never good`);
    }
    const kept = all.filter((digest) => known.isGood(digest));
    expect(kept).toEqual(all.slice(-1_000));
  });
});
