import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { checkedStore } from "../../src/checked.ts";
import { memoryDriver } from "../../src/memory/driver.ts";
import { sealed } from "../../src/sealed/sealed.ts";
import { attacks } from "../suites/attacks.ts";

const shared = memoryDriver(() => performance.now(), 10_000);
attacks("memory", async () => ({ ...shared, close: async () => {} }));

const LONG = { ttlMs: 60_000 };
const old = randomBytes(32);
const current = randomBytes(32);

function replica(macKeys: readonly Buffer[], now = Date.now) {
  return checkedStore(sealed(shared, { namespace: "rotation", macKeys, maxSkewMs: 60_000, now }));
}

test("a new key is taken into use while entries of the old one stand", async () => {
  await replica([old]).put("before", "value", LONG);
  await replica([current, old]).put("after", "value", LONG);
  expect(await replica([current, old]).get("before")).toBe("value");
  expect(await replica([old, current]).get("after")).toBe("value");
  expect(await replica([current, old]).compareAndDelete("before", "value")).toBe(true);
});

test("a key that left the list opens nothing any more", async () => {
  await replica([old]).put("old", "value", LONG);
  await expect(replica([current]).get("old")).rejects.toMatchObject({ code: "tampered" });
});

test("clocks a minute apart do no harm", async () => {
  const ahead = replica([current], () => Date.now() + 59_000);
  const behind = replica([current], () => Date.now() - 59_000);
  await behind.put("skew", "value", { ttlMs: 60_000 });
  expect(await ahead.compareAndDelete("skew", "value")).toBe(true);
});

test("the key of a seal is no other key of the same secret", async () => {
  const { createHmac } = await import("node:crypto");
  const { createSealer } = await import("../../src/sealed/seal.ts");
  const text = createSealer("n", [current]).seal("k", "v", 1_000);
  const bare = createHmac("sha256", current).update("1:n1:k4:1000").update("v").digest("base64url");
  expect(text).not.toContain(bare);
});

test("an entry put anew with the same value while it is compared is deleted all the same", async () => {
  const store = replica([current]);
  let renewals = 3;
  const renewing = {
    ...shared,
    async compareAndDelete(key: string, text: string) {
      if (renewals-- > 0) await store.put(key, "same", { ttlMs: 60_000 + renewals });
      return shared.compareAndDelete(key, text);
    },
  };
  await store.put("renewed", "same", LONG);
  const comparing = checkedStore(sealed(renewing, { namespace: "rotation", macKeys: [current], maxSkewMs: 60_000 }));
  expect(await comparing.compareAndDelete("renewed", "same")).toBe(true);
  expect(await store.get("renewed")).toBeUndefined();
});
