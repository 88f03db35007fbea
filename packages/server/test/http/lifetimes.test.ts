import type { Authenticated } from "@hardened-mcp/auth";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createLifetimes } from "../../src/http/lifetimes.ts";
import { known } from "../support/authenticator.ts";
import { alice } from "../support/walk.ts";

describe("the life of an open answer", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const watch = (authenticated: Authenticated) => {
    const ended: string[] = [];
    const done = createLifetimes(1_000).add(authenticated, (why) => ended.push(why));
    return { ended, done };
  };

  it("ends with the token that allowed it", async () => {
    const { ended } = watch({ ...known(alice), expiresAt: Date.now() + 2_500 });
    await vi.advanceTimersByTimeAsync(2_000);
    expect(ended).toEqual([]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(ended).toEqual(["expired"]);
  });

  it.each<[string, () => Promise<boolean>]>([
    ["has been revoked", async () => false],
    ["can no longer be asked about", () => Promise.reject(new Error("away"))],
  ])("ends once when the credential %s", async (_, stillGood) => {
    const { ended } = watch({ ...known(alice), stillGood });
    await vi.advanceTimersByTimeAsync(5_000);
    expect(ended).toEqual(["revoked"]);
  });

  it("goes on while the credential is good, and is forgotten once it is answered", async () => {
    const stillGood = vi.fn(async () => true);
    const { ended, done } = watch({ ...known(alice), stillGood });
    await vi.advanceTimersByTimeAsync(3_000);
    expect([ended, stillGood.mock.calls.length]).toEqual([[], 3]);
    done();
    await vi.advanceTimersByTimeAsync(3_000);
    expect([stillGood.mock.calls.length, vi.getTimerCount()]).toEqual([3, 0]);
  });

  it("does not ask again before it has been answered", async () => {
    const stillGood = vi.fn(() => new Promise<boolean>(() => undefined));
    const { ended } = watch({ ...known(alice), stillGood });
    await vi.advanceTimersByTimeAsync(5_000);
    expect([ended, stillGood.mock.calls.length]).toEqual([[], 1]);
  });

  it("does not end what was answered while it was being asked about", async () => {
    const asked = Promise.withResolvers<boolean>();
    const { ended, done } = watch({ ...known(alice), stillGood: () => asked.promise });
    await vi.advanceTimersByTimeAsync(1_000);
    done();
    asked.resolve(false);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(ended).toEqual([]);
  });
});
