import { memoryStore, type StateStore } from "@hardened-mcp/state";
import { describe, expect, test } from "vitest";
import { createRevocations } from "../../src/revocation/revocations.ts";

const ISSUER = "https://login.example";
const ALICE = { kind: "subject", issuer: ISSUER, subject: "alice" } as const;
const NOBODY = { issuer: ISSUER, subject: "nobody", client: undefined, jti: undefined, issuedAt: 1 };

/** A store with one revocation in it, and where it is. */
async function withOne(): Promise<{ store: StateStore; key: string; value: string }> {
  const store = memoryStore();
  await createRevocations(store).revoke({ target: ALICE, by: "operator", why: "lost" });
  const { entries } = await store.list("set/revocations/entry/");
  const [entry] = entries;
  if (entry === undefined) throw new Error("nothing was stored");
  return { store, key: entry.key, value: entry.value };
}

type Members = Record<string, unknown>;
const change = (changes: Members) => (value: string) =>
  JSON.stringify({ ...(JSON.parse(value) as Members), ...changes });

describe("an entry that cannot be read clears nobody:", () => {
  test.each<[name: string, tamper: (value: string) => string]>([
    ["not JSON", () => "gone"],
    ["cut short", (value) => value.slice(0, -1)],
    ["empty", () => "{}"],
    ["null", () => "null"],
    ["another subject under the same key", change({ name: "bob" })],
    ["another issuer under the same key", change({ issuer: "https://other.example" })],
    ["another kind under the same key", change({ kind: "client" })],
    ["an unknown kind", change({ kind: "nobody" })],
    ["of a later version", change({ v: 2 })],
    ["revoked at no time", change({ at: null })],
    ["revoked at a time that is text", change({ at: "0" })],
    ["by nobody", change({ by: "" })],
    ["a member twice", (value) => value.replace('"at":', '"at":0,"at":')],
  ])("%s", async (_name, tamper) => {
    const { store, key, value } = await withOne();
    expect(tamper(value)).not.toBe(value);
    await store.put(key, tamper(value), { ttlMs: 60_000 });
    const revocations = createRevocations(store);
    await revocations.refresh();
    for (let i = 0; i < 2; i++) {
      expect(() => revocations.isRevoked(NOBODY)).toThrow(
        expect.objectContaining({ name: "StateError", code: "tampered" }),
      );
    }
    expect(() => revocations.list()).toThrow(expect.objectContaining({ code: "tampered" }));
  });

  test("a good entry under another's key", async () => {
    const { store, key, value } = await withOne();
    await store.put(key.slice(0, -1) + (key.endsWith("A") ? "B" : "A"), value, { ttlMs: 60_000 });
    const revocations = createRevocations(store);
    await revocations.refresh();
    expect(() => revocations.isRevoked(NOBODY)).toThrow(expect.objectContaining({ code: "tampered" }));
  });

  test("until it is gone", async () => {
    const { store, key } = await withOne();
    await store.put(key, "gone", { ttlMs: 60_000 });
    await expect(readNow(store)).rejects.toMatchObject({ name: "StateError", code: "tampered" });
    await store.delete(key);
    expect(await readNow(store)).toBe(false);
  });
});

async function readNow(store: StateStore): Promise<boolean> {
  const revocations = createRevocations(store);
  await revocations.refresh();
  return revocations.isRevoked(NOBODY);
}
