import { chmodSync, unlinkSync } from "node:fs";
import { Agent } from "node:https";
import { setTimeout } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createTestCa } from "../../../../test/support/certificates.ts";
import type { HttpOptions } from "../../src/http/options.ts";
import { type ServedHttp, serveHttp } from "../../src/http/serve-http.ts";
import { echoTool, gate, type TestServer, testServer } from "../support/server.ts";
import { echoOverTls, shake, type TlsFiles, tlsFiles, trusting } from "../support/tls.ts";

let files: TlsFiles;
beforeEach(async () => {
  files = await tlsFiles();
});
afterEach(() => files[Symbol.dispose]());

interface Reloadable extends TestServer, AsyncDisposable {
  readonly served: ServedHttp;
  readonly url: URL;
  readonly port: number;
  reload(): Promise<boolean>;
}

/** The transport by itself; whoever serves it calls `reload` on SIGHUP. */
async function start(tls: HttpOptions["tls"] = {}, tool = echoTool()): Promise<Reloadable> {
  const made = testServer({ tools: [tool] });
  const served = await serveHttp(made.server, { port: 0, tls: { ...files.options, reloadMs: 86_400_000, ...tls } });
  const url = new URL(served.address);
  return {
    ...made,
    served,
    url,
    port: Number(url.port),
    reload: async () => (await served.reload?.()) ?? false,
    [Symbol.asyncDispose]: async () => {
      await served.stopAccepting();
      await served.close();
    },
  };
}

const outcomes = (http: TestServer): unknown[] =>
  http.sink.of("config.loaded").map(({ detail }) => detail?.["outcome"]);

describe("a renewed certificate", () => {
  it("is served to new connections, and goes on record", async () => {
    await using http = await start();
    const before = await shake(http.port);
    files.renew(await files.ca.issue());
    expect(await http.reload()).toBe(true);
    const after = await shake(http.port);
    expect(after.fingerprint).not.toBe(before.fingerprint);
    expect(http.sink.of("config.loaded").map(({ detail }) => detail?.["fingerprint"])).toEqual([
      before.fingerprint,
      after.fingerprint,
    ]);
  });

  it("is found without being told, once both files are there", async () => {
    await using http = await start({ reloadMs: 50 });
    const before = await shake(http.port);
    const { cert, key } = await files.ca.issue();
    files.renew({ cert });
    // The half that is there does not fit; it is put on record once, and tried again.
    await http.sink.until((event) => event.type === "config.loaded" && event.detail?.["outcome"] === "refused");
    expect((await shake(http.port)).fingerprint).toBe(before.fingerprint);
    files.renew({ key });
    await http.sink.until(() => http.sink.of("config.loaded").length === 3);
    expect(outcomes(http)).toEqual(["loaded", "refused", "loaded"]);
    await expect.poll(async () => (await shake(http.port)).fingerprint).not.toBe(before.fingerprint);
  });

  it("leaves a call in flight, and its connection, alone", async () => {
    const [started, finish] = [gate(), gate()];
    const run = async ({ text }: { text: string }) => {
      started.resolve();
      await finish.promise;
      return { text };
    };
    await using http = await start({}, echoTool({ run }));
    const options = trusting(files.ca, { agent: new Agent({ keepAlive: true, maxSockets: 1 }) });
    const held = echoOverTls(http.url, "held", options);
    await started.promise;
    const other = await createTestCa();
    files.renew(await other.issue());
    expect(await http.reload()).toBe(true);
    finish.resolve();
    const answer = await held;
    expect(answer.body).toContain("held");
    // The second request would not trust the new certificate; it need not, on the old connection.
    const again = await echoOverTls(http.url, "again", options);
    expect(again.body).toContain("again");
    expect(again.socket).toBe(answer.socket);
    await expect(echoOverTls(http.url, "new", trusting(files.ca))).rejects.toThrow();
    (options.agent as Agent).destroy();
  });

  it("costs none of 200 requests that come in during ten reloads", async () => {
    await using http = await start();
    const options = trusting(files.ca, { agent: new Agent({ maxSockets: 16 }) });
    const requests = Array.from({ length: 200 }, (_, at) => echoOverTls(http.url, `n${at}`, options));
    for (let at = 0; at < 10; at++) {
      files.renew(await files.ca.issue());
      expect(await http.reload()).toBe(true);
    }
    const bodies = (await Promise.all(requests)).map(({ body }) => body);
    expect(bodies.filter((body, at) => !body.includes(`"n${at}"`))).toEqual([]);
    expect(outcomes(http)).toEqual(Array(11).fill("loaded"));
  });

  it("brings nothing weak along", async () => {
    const clients = { clientCertificates: "required", clientCaFile: files.clientCaFile } as const;
    await using http = await start(clients);
    files.renew(await files.ca.issue());
    expect(await http.reload()).toBe(true);
    const client = await files.ca.issue({ usage: "client" });
    const old = { maxVersion: "TLSv1.1", minVersion: "TLSv1", ciphers: "ALL:@SECLEVEL=0", ...client } as const;
    const cbc = { maxVersion: "TLSv1.2", ciphers: "ECDHE-ECDSA-AES128-SHA256:@SECLEVEL=0", ...client } as const;
    expect([(await shake(http.port, old)).ok, (await shake(http.port, cbc)).ok]).toEqual([false, false]);
    await expect(echoOverTls(http.url, "none", trusting(files.ca))).rejects.toThrow();
    const stranger = await (await createTestCa()).issue({ usage: "client" });
    await expect(echoOverTls(http.url, "stranger", trusting(files.ca, stranger))).rejects.toThrow();
    expect((await echoOverTls(http.url, "client", trusting(files.ca, client))).status).toBe(200);
  });
});

describe("a look at the files", () => {
  it("that finds the same fault again says nothing", async () => {
    await using http = await start({ reloadMs: 50 });
    files.renew({ key: "broken" });
    await http.sink.until((event) => event.type === "config.loaded" && event.detail?.["outcome"] === "refused");
    // Time for five more looks.
    await setTimeout(250);
    expect(outcomes(http)).toEqual(["loaded", "refused"]);
  });

  it("takes what could not be taken before, though the files are the same", async () => {
    await using http = await start({ reloadMs: 50 });
    const before = await shake(http.port);
    http.sink.fail.write = () => {
      throw new Error("disk is gone");
    };
    files.renew(await files.ca.issue());
    await expect.poll(() => http.lines.join("")).toContain("stays");
    expect(await shake(http.port)).toEqual(before);
    http.sink.fail = {};
    await expect.poll(async () => (await shake(http.port)).fingerprint).not.toBe(before.fingerprint);
  });
});

describe("what is not fit to be served leaves the old certificate in place:", () => {
  it.each<[string, (files: TlsFiles) => unknown]>([
    ["no pair", async () => files.renew({ cert: (await files.ca.issue()).cert })],
    ["an expired pair", async () => files.renew(await files.ca.issue({ validForMs: -60_000 }))],
    ["a broken certificate", () => files.renew({ cert: "-----BEGIN CERTIFICATE-----\ncanary" })],
    ["a broken key", () => files.renew({ key: "canary" })],
    ["an open key", () => chmodSync(files.keyFile, 0o644)],
    ["no file", () => unlinkSync(files.certFile)],
  ])("%s", async (_, spoil) => {
    await using http = await start();
    const before = await shake(http.port);
    await spoil(files);
    expect(await http.reload()).toBe(false);
    expect(await shake(http.port)).toEqual(before);
    expect((await echoOverTls(http.url, "hello", trusting(files.ca))).body).toContain("hello");
    expect(outcomes(http)).toEqual(["loaded", "refused"]);
    expect(http.entries()).toContainEqual(expect.objectContaining({ msg: expect.stringContaining("stays") }));
    expect(JSON.stringify(http.sink.events) + http.lines.join("")).not.toMatch(/canary|-----/);
  });

  it("and recovers with the next good one", async () => {
    await using http = await start();
    files.renew({ key: "broken" });
    expect(await http.reload()).toBe(false);
    files.renew(await files.ca.issue());
    expect(await http.reload()).toBe(true);
    expect(outcomes(http)).toEqual(["loaded", "refused", "loaded"]);
  });

  it("a certificate that cannot be put on record", async () => {
    await using http = await start();
    const before = await shake(http.port);
    files.renew(await files.ca.issue());
    http.sink.fail.write = () => {
      throw new Error("disk is gone");
    };
    expect(await http.reload()).toBe(false);
    expect(await shake(http.port)).toEqual(before);
    http.sink.fail = {};
    expect(await http.reload()).toBe(true);
  });
});
