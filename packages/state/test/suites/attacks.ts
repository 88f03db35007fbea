import { randomBytes, randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { checkedStore } from "../../src/checked.ts";
import type { Driver } from "../../src/driver.ts";
import type { StateStore } from "../../src/index.ts";
import { createSealer } from "../../src/sealed/seal.ts";
import { sealed } from "../../src/sealed/sealed.ts";
import { MAC_KEY, settings } from "../support/settings.ts";
import { until } from "../support/test-server.ts";

const LONG = 60_000;

/** Somebody who may read and write the store, and does not have the key. `grant` is an entry that the victim wrote. */
interface Scene {
  readonly attacker: Driver;
  readonly victim: StateStore;
  readonly key: string;
  readonly grant: string;
}

type Attack = (scene: Scene) => Promise<void>;

function overwrite(change: (grant: string, key: string) => string): Attack {
  return ({ attacker, key, grant }) => attacker.put(key, change(grant, key), LONG);
}

/** A seal in the right form, made with what an attacker may have. */
function resealed(namespace: string, secret: Buffer, keyOf: (key: string) => string = (key) => key): Attack {
  return overwrite((_, key) => createSealer(namespace, [secret]).seal(keyOf(key), "admin", Date.now() + LONG));
}

const ATTACKS: readonly (readonly [string, Attack])[] = [
  ["a bare value", overwrite(() => "admin")],
  ["an empty value", overwrite(() => "")],
  ["another value behind the seal", overwrite((grant) => grant.replace(/[^.]*$/s, "admin"))],
  ["a longer value behind the seal", overwrite((grant) => `${grant} and more`)],
  ["a cut value", overwrite((grant) => grant.slice(0, -1))],
  ["a later end", overwrite((grant) => grant.replace(/\.(\d+)\./, (_, end) => `.${Number(end) + LONG}.`))],
  ["an end with a zero in front", overwrite((grant) => grant.replace(/\.(\d+)\./, ".0$1."))],
  ["part of the end moved into the value", overwrite((grant) => grant.replace(/(\d)\.([\w-]{43})\./, ".$2.$1"))],
  ["no seal", overwrite((grant) => grant.replace(/\.[\w-]{43}\./, ".."))],
  ["a seal of zeros", overwrite((grant) => grant.replace(/\.[\w-]{43}\./, `.${"A".repeat(43)}.`))],
  ["another spelling of the same seal", overwrite(respell)],
  ["another version", overwrite((grant) => grant.replace(/^v1/, "v0"))],
  ["an unknown key id", overwrite((grant) => grant.replace(/^v1\.[\w-]{11}/, "v1.AAAAAAAAAAA"))],
  ["a key id __proto__", overwrite((grant) => grant.replace(/^v1\.[\w-]{11}/, "v1.__proto__AA"))],
  ["a line break in front", overwrite((grant) => `\n${grant}`)],
  ["a seal with a key of one's own", resealed("attacks", randomBytes(32))],
  ["a seal of another namespace with the right key", resealed("other", MAC_KEY)],
  ["a seal for another key", resealed("attacks", MAC_KEY, (key) => `${key}x`)],
  ["a seal for the same text split elsewhere", resealed("attack", MAC_KEY, (key) => `s${key}`)],
  [
    "the grant of another key",
    async ({ attacker, victim, key }) => {
      await victim.put(`${key}/mallory`, "admin", { ttlMs: LONG });
      await attacker.put(key, String(await attacker.get(`${key}/mallory`)), LONG);
      await attacker.delete(`${key}/mallory`);
    },
  ],
];

/** base64url has two bits to spare in 43 letters: the same bytes, spelt differently. */
function respell(grant: string): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  return grant.replace(/([\w-])\.(?!.*\.)/, (_, last) => `${alphabet.charAt(alphabet.indexOf(last) ^ 1)}.`);
}

/** @param open a way into the store past the seal; each call is one more client */
export function attacks(name: string, open: () => Promise<Driver>): void {
  describe(`${name}: whoever may write to the store, but has no key,`, () => {
    let attacker: Driver;
    let victim: StateStore;
    let impatient: StateStore;

    beforeAll(async () => {
      attacker = await open();
      const options = { ...settings(), namespace: "attacks" };
      victim = checkedStore(sealed(await open(), options));
      impatient = checkedStore(sealed(await open(), { ...options, maxSkewMs: 20 }));
    });
    afterAll(() => Promise.all([attacker.close(), victim.close(), impatient.close()]));

    async function scene(): Promise<Scene> {
      const key = `grant/${randomUUID()}`;
      await victim.put(key, "reader", { ttlMs: LONG });
      return { attacker, victim, key, grant: String(await attacker.get(key)) };
    }

    test.each(ATTACKS)("gets nowhere with %s", async (_, attack) => {
      const here = await scene();
      await attack(here);
      const tampered = { name: "StateError", code: "tampered" };
      await expect(victim.get(here.key)).rejects.toMatchObject(tampered);
      await expect(victim.list(here.key)).rejects.toMatchObject(tampered);
      await expect(victim.compareAndDelete(here.key, "admin")).rejects.toMatchObject(tampered);
      await expect(victim.compareAndDelete(here.key, "reader")).rejects.toMatchObject(tampered);
      expect(await attacker.get(here.key)).toBeDefined();
    });

    test("cannot keep an entry alive past its end", async () => {
      const key = `grant/${randomUUID()}`;
      await impatient.put(key, "reader", { ttlMs: 200 });
      await attacker.put(key, String(await attacker.get(key)), LONG);
      expect(await impatient.get(key)).toBe("reader");
      // A listing hands on no more time than the seal allows, whatever the store says.
      expect((await impatient.list(key)).entries[0]?.expiresInMs).toBeLessThanOrEqual(220);
      const refused = (attempt: Promise<unknown>) =>
        attempt.then(
          () => false,
          (error) => error.code === "tampered",
        );
      await until("the entry counts as extended", () => refused(impatient.get(key)));
      expect(await refused(impatient.list(key))).toBe(true);
      expect(await refused(impatient.compareAndDelete(key, "reader"))).toBe(true);
    });

    test("can put back an older value of the same key: this is not prevented", async () => {
      const { key, grant } = await scene();
      await victim.put(key, "nobody", { ttlMs: LONG });
      await attacker.put(key, grant, LONG);
      expect(await victim.get(key)).toBe("reader");
    });

    test("can remove an entry and set back a count: this is not prevented", async () => {
      const { key } = await scene();
      await victim.increment(key, 9, { ttlMs: LONG });
      await attacker.delete(key);
      expect(await victim.get(key)).toBeUndefined();
      expect((await victim.increment(key, 1, { ttlMs: LONG })).value).toBe(1);
    });
  });
}
