import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createTestCa } from "../../../../test/support/certificates.ts";
import { openAuditLog, verifyAuditLog } from "../../src/index.ts";
import { FIRST, intent, outcome, temporaryFolder, writeLog } from "../support.ts";
import { otlpReceiver } from "./support/otlp-receiver.ts";
import { expectStatus, lines, publicFile, secretFile, ship, until } from "./support/shipping.ts";

const TRACE = "0af7651916cd43dd8448eb211c80319c";

describe("OTLP", () => {
  it("ships every record in order, while they are written", async () => {
    const dir = temporaryFolder();
    const receiver = await otlpReceiver();
    const log = await openAuditLog({ dir, server: "test" });
    const shipping = await ship({ dir, exports: [{ otlp: { url: receiver.url } }] });
    for (let i = 0; i < 700; i++) log.write(intent(`r${i}`));
    await log.durable();
    await until(() => expect(receiver.records).toHaveLength(701));
    log.write(outcome("r0"));
    await log.close();
    await until(() => expect(receiver.records.map(({ body }) => body)).toEqual(lines(dir)));
    await until(() => expectStatus(shipping, "otlp").toMatchObject({ state: "ok", behind: 0, next: 703 }));
  });

  it("leaves the receiver with bodies that are the log again, and verify", async () => {
    const dir = temporaryFolder();
    await writeLog(dir, 30);
    const receiver = await otlpReceiver();
    await ship({ dir, exports: [{ otlp: { url: receiver.url } }] });
    await until(() => expect(receiver.records).toHaveLength(62));
    const copy = temporaryFolder();
    writeFileSync(join(copy, FIRST), receiver.records.map(({ body }) => `${body}\n`).join(""), { mode: 0o600 });
    expect((await verifyAuditLog(copy)).status).toBe("intact");
  });

  it("names what a record says by OpenTelemetry's conventions", async () => {
    const dir = temporaryFolder();
    const log = await openAuditLog({ dir, server: "notes" });
    const tool = { name: "delete_note", effect: "destroy" } as const;
    log.write({ ...intent("r1"), trace: TRACE } as Parameters<typeof log.write>[0]);
    log.write({
      type: "call.outcome",
      ref: "r1",
      tool,
      outcome: { code: "internal", isError: true, bytes: 9, ms: 1.5 },
    });
    log.write({
      type: "call.refused",
      ref: "r2",
      tool,
      decision: { effect: "deny", step: "authorize", code: "denied" },
    });
    log.write({
      type: "auth.failed",
      ref: "r3",
      decision: { effect: "deny", step: "authenticate", code: "bad_token" },
    });
    await log.close();
    const receiver = await otlpReceiver();
    await ship({ dir, exports: [{ otlp: { url: receiver.url } }] });
    await until(() => expect(receiver.records).toHaveLength(6));
    const [, call, failed, refused, unknown] = receiver.records;
    const line = JSON.parse(lines(dir)[1] ?? "");
    expect(call).toMatchObject({
      service: "notes",
      eventName: "hardened_mcp.audit.call.intent",
      severityText: "INFO",
      severityNumber: 9,
      traceId: TRACE,
      timeUnixNano: `${Date.parse(line.ts)}000000`,
      attributes: {
        "mcp.method.name": "tools/call",
        "gen_ai.operation.name": "execute_tool",
        "gen_ai.tool.name": "write_file",
        "enduser.id": "u-1",
        "hardened_mcp.audit.log": log.logId,
        "hardened_mcp.audit.seq": 1,
        "hardened_mcp.audit.hash": line.hash,
        "hardened_mcp.audit.type": "call.intent",
        "hardened_mcp.audit.ref": "r1",
        "hardened_mcp.audit.tool.effect": "write",
        "hardened_mcp.audit.actor.tenant": "t-1",
        "hardened_mcp.audit.decision.rule": "write-scope",
      },
    });
    expect(failed).toMatchObject({ severityText: "ERROR", attributes: { "error.type": "tool_error" } });
    expect(failed?.attributes).toMatchObject({ "hardened_mcp.audit.outcome.code": "internal" });
    expect(refused).toMatchObject({ severityText: "WARN", attributes: { "error.type": "tool_error" } });
    expect(unknown).toMatchObject({ severityText: "ERROR", attributes: { "error.type": "bad_token" } });
    expect(unknown?.attributes).not.toHaveProperty("gen_ai.tool.name");
  });

  it("goes on after a restart where it was, and repeats nothing that was acknowledged", async () => {
    const dir = temporaryFolder();
    await writeLog(dir, 20);
    const receiver = await otlpReceiver();
    const exports = [{ otlp: { url: receiver.url } }];
    const first = await ship({ dir, exports });
    await first.close();
    expect(receiver.records).toHaveLength(42);
    await writeLog(dir, 20);
    const second = await ship({ dir, exports });
    await second.close();
    expect(receiver.records.map(({ body }) => body)).toEqual(lines(dir));
  });

  it.each([
    ["429", 429, "busy"],
    ["500", 500, "http_500"],
    ["a redirect that it does not follow", 302, "http_302"],
    ["silence", "hang", "timeout"],
    ["a byte now and then", "drip", "timeout"],
    ["a closed connection in the middle of a batch", "cut", /^(ECONNRESET|EPIPE)$/],
  ] as const)("outlasts %s, and sends everything once the collector is well", async (_, mood, code) => {
    const dir = temporaryFolder();
    await writeLog(dir, 300);
    const receiver = await otlpReceiver();
    receiver.mood = mood;
    const shipping = await ship({ dir, exports: [{ otlp: { url: receiver.url, timeoutMs: 300 } }] });
    await until(() => expectStatus(shipping, "otlp").toMatchObject({ state: "failing", next: 0, behind: 602 }));
    const lastError = typeof code === "string" ? code : expect.stringMatching(code);
    await until(() => expectStatus(shipping, "otlp").toMatchObject({ lastError, failingSince: expect.any(String) }));
    expect(JSON.stringify(shipping.status())).not.toContain("secret words");
    expect(receiver.requests.map(({ url }) => url)).not.toContain("/elsewhere");
    receiver.mood = "ok";
    await until(() => expect(receiver.records.map(({ body }) => body)).toEqual(lines(dir)));
    await until(() => expectStatus(shipping, "otlp").toMatchObject({ state: "ok", behind: 0, lastError: undefined }));
  });

  it("sends less at once to a collector for which a batch is too large", async () => {
    const dir = temporaryFolder();
    await writeLog(dir, 10);
    const receiver = await otlpReceiver();
    receiver.mood = 413;
    const shipping = await ship({ dir, exports: [{ otlp: { url: receiver.url } }] });
    await until(() => expectStatus(shipping, "otlp").toMatchObject({ lastError: "http_413" }));
    receiver.mood = "ok";
    await until(() => expect(receiver.records.map(({ body }) => body)).toEqual(lines(dir)));
    expect(receiver.batches[0]).toBe(1);
  });

  it("says when a collector took a batch and refused records in it", async () => {
    const dir = temporaryFolder();
    await writeLog(dir, 10);
    const receiver = await otlpReceiver();
    receiver.mood = "partial";
    const shipping = await ship({ dir, exports: [{ otlp: { url: receiver.url } }] });
    const lastNotice = expect.objectContaining({ code: "rejected", from: 0, to: 22 });
    await until(() => expectStatus(shipping, "otlp").toMatchObject({ lastNotice }));
    expect(receiver.batches).toEqual([22]);
  });

  describe("over TLS", () => {
    it("shows its token, which may be replaced while it runs", async () => {
      const ca = await createTestCa();
      const { cert, key } = await ca.issue();
      const receiver = await otlpReceiver({ tls: { cert, key } });
      const dir = temporaryFolder();
      await writeLog(dir, 1);
      const bearerFile = secretFile("old\n");
      const apiKey = secretFile("k-1");
      const headerFiles = { "x-api-key": apiKey };
      const caFile = publicFile(ca.cert);
      receiver.mood = 401;
      const shipping = await ship({ dir, exports: [{ otlp: { url: receiver.url, bearerFile, headerFiles, caFile } }] });
      await until(() => expectStatus(shipping, "otlp").toMatchObject({ lastError: "http_401" }));
      expect(receiver.requests.at(-1)?.headers).toMatchObject({ authorization: "Bearer old", "x-api-key": "k-1" });
      writeFileSync(bearerFile, "new\n");
      receiver.mood = "ok";
      await until(() => expect(receiver.records).toHaveLength(4));
      expect(receiver.requests.at(-1)?.headers.authorization).toBe("Bearer new");
      expect(JSON.stringify(shipping.status())).not.toMatch(/old|new|k-1/);
    });

    it.each([
      ["of an authority that nobody named", {}, "other", /SELF_SIGNED|UNABLE_TO_/],
      ["for another host", { names: ["elsewhere.example"] }, "right", /^ERR_TLS_CERT_ALTNAME_INVALID$/],
      ["that has expired", { validForMs: -1000 }, "right", /^CERT_HAS_EXPIRED$/],
    ] as const)("refuses a certificate %s", async (_, issue, authority, code) => {
      const ca = await createTestCa();
      const { cert, key } = await ca.issue(issue);
      const receiver = await otlpReceiver({ tls: { cert, key } });
      const dir = temporaryFolder();
      await writeLog(dir, 1);
      const caFile = publicFile(authority === "right" ? ca.cert : (await createTestCa("other")).cert);
      const shipping = await ship({ dir, exports: [{ otlp: { url: receiver.url, caFile, timeoutMs: 1000 } }] });
      const lastError = expect.stringMatching(code);
      await until(() => expectStatus(shipping, "otlp").toMatchObject({ state: "failing", lastError }));
      expect(receiver.requests).toEqual([]);
    });

    it("shows a client certificate where one is asked for", async () => {
      const ca = await createTestCa();
      const server = await ca.issue();
      const client = await ca.issue({ usage: "client" });
      const tls = { ...server, ca: ca.cert, requestCert: true, rejectUnauthorized: true };
      const receiver = await otlpReceiver({ tls });
      const dir = temporaryFolder();
      await writeLog(dir, 1);
      const files = {
        caFile: publicFile(ca.cert),
        certFile: publicFile(client.cert),
        keyFile: secretFile(client.key),
      };
      await ship({ dir, exports: [{ otlp: { url: receiver.url, ...files } }] });
      await until(() => expect(receiver.records).toHaveLength(4));
    });
  });
});
