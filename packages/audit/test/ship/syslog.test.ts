import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { createTestCa } from "../../../../test/support/certificates.ts";
import { openAuditLog } from "../../src/index.ts";
import { intent, temporaryFolder, writeLog } from "../support.ts";
import { deduplicated, expectStatus, lines, publicFile, secretFile, ship, until } from "./support/shipping.ts";
import { syslogReceiver } from "./support/syslog-receiver.ts";

async function setUp() {
  const ca = await createTestCa();
  const receiver = await syslogReceiver(await ca.issue());
  const dir = temporaryFolder();
  const syslog = { host: "localhost", port: receiver.port, caFile: publicFile(ca.cert), settleMs: 50 };
  return { ca, receiver, dir, syslog };
}

it("ships every record in order as an RFC 5424 message that holds the line itself", async () => {
  const { receiver, dir, syslog } = await setUp();
  const log = await openAuditLog({ dir, server: "notes" });
  log.write(intent("r1"));
  log.write({ type: "auth.failed", ref: "r2", decision: { effect: "deny", step: "authenticate", code: "bad_token" } });
  log.write({ type: "entry.rejected", ref: "r3", decision: { effect: "deny", step: "host", code: "denied" } });
  await log.close();
  await ship({ dir, exports: [{ syslog: { ...syslog, enterprise: 12345, facility: 10, hostname: "web-1" } }] });
  await until(() => expect(receiver.messages.map(({ text }) => text)).toEqual(lines(dir)));
  const [, call, failed, refused] = receiver.messages;
  const line = JSON.parse(lines(dir)[1] ?? "");
  expect(call).toMatchObject({
    priority: 10 * 8 + 6,
    timestamp: line.ts,
    hostname: "web-1",
    app: "notes",
    id: "call.intent",
    sdId: "hardened-mcp@12345",
    data: { log: log.logId, seq: "1", hash: line.hash },
  });
  expect([failed?.priority, refused?.priority]).toEqual([83, 84]);
});

it("is the log audit of the machine by default", async () => {
  const { receiver, dir, syslog } = await setUp();
  await writeLog(dir, 1);
  await ship({ dir, exports: [{ syslog }] });
  await until(() => expect(receiver.messages[0]).toMatchObject({ priority: 13 * 8 + 6, sdId: "hardened-mcp@32473" }));
});

it("cuts a message that would be too long, and says so in it", async () => {
  const { receiver, dir, syslog } = await setUp();
  const log = await openAuditLog({ dir, server: "notes" });
  const detail = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`k${i}`, "x".repeat(200)]));
  log.write({ type: "config.loaded", detail });
  await log.close();
  await ship({ dir, exports: [{ syslog: { ...syslog, maxMessageBytes: 2048 } }] });
  await until(() => expect(receiver.messages).toHaveLength(3));
  const [opened, long] = receiver.messages;
  expect(opened?.data).not.toHaveProperty("cut");
  expect(long?.data).toMatchObject({ seq: "1", cut: "1" });
  expect(lines(dir)[1]?.startsWith(long?.text ?? "?")).toBe(true);
});

it("sends again what a broken connection may have lost, and comes back when the receiver does", async () => {
  const { ca, receiver, dir, syslog } = await setUp();
  receiver.mood = "cut";
  await writeLog(dir, 50);
  const shipping = await ship({ dir, exports: [{ syslog }] });
  await until(() => expectStatus(shipping, "syslog").toMatchObject({ state: "failing", next: 0 }));
  await receiver.close();
  await until(() => expectStatus(shipping, "syslog").toMatchObject({ lastError: "ECONNREFUSED" }));
  const back = await syslogReceiver(await ca.issue(), receiver.port);
  await until(() => expect(back.messages.map(({ text }) => text)).toEqual(lines(dir)));
  await until(() => expectStatus(shipping, "syslog").toMatchObject({ state: "ok", behind: 0 }));
});

it("holds the cursor back until the connection has outlived the batch", async () => {
  const { receiver, dir, syslog } = await setUp();
  await writeLog(dir, 1);
  const shipping = await ship({ dir, exports: [{ syslog: { ...syslog, settleMs: 60_000 } }] });
  await until(() => expect(receiver.messages).toHaveLength(4));
  expect(JSON.parse(readFileSync(join(dir, "ship-syslog.json"), "utf8"))).toMatchObject({ next: 0 });
  await shipping.close({ flushMs: 0 });
  const again = await ship({ dir, exports: [{ syslog }] });
  await again.close();
  expect(receiver.messages).toHaveLength(8);
  expect(deduplicated(receiver.messages.map(({ text }) => text))).toEqual(lines(dir));
});

it("gives up on a receiver that takes the connection and reads nothing", async () => {
  const { receiver, dir, syslog } = await setUp();
  receiver.mood = "deaf";
  const log = await openAuditLog({ dir, server: "test" });
  for (let i = 0; i < 20_000; i++) {
    log.write(intent(`r${i}`));
    if (i % 1000 === 0) await log.durable();
  }
  await log.close();
  const shipping = await ship({ dir, exports: [{ syslog: { ...syslog, timeoutMs: 500 } }] });
  await until(() => expectStatus(shipping, "syslog").toMatchObject({ state: "failing", lastError: "timeout" }));
});

it.each([
  ["of an authority that nobody named", {}, "other", /SELF_SIGNED|UNABLE_TO_/],
  ["for another host", { names: ["elsewhere.example"] }, "right", /^ERR_TLS_CERT_ALTNAME_INVALID$/],
] as const)("refuses a certificate %s", async (_, issue, authority, code) => {
  const ca = await createTestCa();
  const receiver = await syslogReceiver(await ca.issue(issue));
  const dir = temporaryFolder();
  await writeLog(dir, 1);
  const caFile = publicFile(authority === "right" ? ca.cert : (await createTestCa("other")).cert);
  const shipping = await ship({ dir, exports: [{ syslog: { host: "localhost", port: receiver.port, caFile } }] });
  const lastError = expect.stringMatching(code);
  await until(() => expectStatus(shipping, "syslog").toMatchObject({ state: "failing", lastError }));
  expect(receiver.messages).toEqual([]);
});

it("refuses a receiver that speaks nothing newer than TLS 1.1", async () => {
  const ca = await createTestCa();
  const old = { minVersion: "TLSv1.1", maxVersion: "TLSv1.1", ciphers: "DEFAULT@SECLEVEL=0" } as const;
  const receiver = await syslogReceiver({ ...(await ca.issue()), ...old });
  const dir = temporaryFolder();
  await writeLog(dir, 1);
  const caFile = publicFile(ca.cert);
  const shipping = await ship({ dir, exports: [{ syslog: { host: "localhost", port: receiver.port, caFile } }] });
  const lastError = expect.stringMatching(/PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL/);
  await until(() => expectStatus(shipping, "syslog").toMatchObject({ state: "failing", lastError }));
});

it("shows a client certificate, and takes nothing for sent without one that is asked for", async () => {
  const ca = await createTestCa();
  const asking = { ...(await ca.issue()), ca: ca.cert, requestCert: true, rejectUnauthorized: true };
  const receiver = await syslogReceiver(asking);
  const dir = temporaryFolder();
  await writeLog(dir, 1);
  const client = await ca.issue({ usage: "client" });
  const own = { certFile: publicFile(client.cert), keyFile: secretFile(client.key) };
  const syslog = { host: "localhost", port: receiver.port, caFile: publicFile(ca.cert) };
  const shipping = await ship({
    dir,
    exports: [
      { name: "with", syslog: { ...syslog, ...own } },
      { name: "without", syslog },
    ],
  });
  await until(() => expectStatus(shipping, "with").toMatchObject({ state: "ok", next: 4 }));
  await until(() => expectStatus(shipping, "without").toMatchObject({ state: "failing", next: 0 }));
});
