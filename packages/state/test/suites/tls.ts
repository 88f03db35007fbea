import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestCa, type Issued, type TestCa } from "../../../../test/support/certificates.ts";
import { openState, type StateTls } from "../../src/index.ts";
import { MAC_KEY } from "../support/settings.ts";
import type { TestServer } from "../support/test-server.ts";

/** A store on the other end of TLS: whom it is taken for. */
export function tls(name: string, start: (options: { tls?: Issued }) => Promise<TestServer>): void {
  describe.concurrent(`${name} over TLS`, () => {
    let ca: TestCa;
    let server: TestServer;
    const others: TestServer[] = [];

    beforeAll(async () => {
      ca = await createTestCa();
      server = await start({ tls: await ca.issue() });
    });
    afterAll(() => Promise.all([server, ...others].map((one) => one.stop())));

    const open = (url: string, trusted: StateTls) =>
      openState(url, { namespace: "tls", macKeys: [MAC_KEY], tls: trusted, connectTimeoutMs: 1_000 });

    async function refused(url: string, trusted: StateTls): Promise<unknown> {
      const error = await open(url, trusted).catch((caught) => caught);
      expect(error).toMatchObject({ name: "StateError", code: "unavailable" });
      return error.cause.message;
    }

    async function another(certificate: Issued | undefined): Promise<TestServer> {
      const one = await start(certificate ? { tls: certificate } : {});
      others.push(one);
      return one;
    }

    test.each(["127.0.0.1", "localhost"])("works by the name %s with the authority given", async (host) => {
      const store = await open(server.url.replace("127.0.0.1", host), { ca: ca.cert });
      await store.put("a", "1", { ttlMs: 60_000 });
      expect(await store.get("a")).toBe("1");
      await store.close();
    });

    test("refuses an authority that nobody named", async () => {
      expect(await refused(server.url, {})).toMatch(/certificate/i);
      expect(await refused(server.url, { ca: (await createTestCa()).cert })).toMatch(/certificate|signature/i);
    });

    test("refuses a certificate of another name, another address, or localhost at an address", async () => {
      // localhost: what Node takes an address for when a library does not pass it on.
      const wrong = await another(await ca.issue({ names: ["localhost", "store.example", "127.0.0.2"] }));
      expect(await refused(wrong.url, { ca: ca.cert })).toMatch(/altname|does not match/i);
    });

    test("refuses a certificate that has expired", async () => {
      const expired = await another(await ca.issue({ validForMs: -60_000 }));
      expect(await refused(expired.url, { ca: ca.cert })).toMatch(/expired/i);
    });

    test("does not go on in the clear where the other end knows no TLS", async () => {
      const plain = await another(undefined);
      const url = new URL(plain.url);
      const secure = url.protocol === "redis:" ? plain.url.replace("redis:", "rediss:") : `${url.href}?sslmode=require`;
      await refused(secure, { ca: ca.cert });
    });
  });
}
