import { mkdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { openAuditLog } from "@hardened-mcp/audit";
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import type { z } from "zod";
import { openShipping } from "../../src/config/open-shipping.ts";
import { shippingSecretFiles } from "../../src/config/ship-files.ts";
import { auditAnchorsConfig, auditExportsConfig } from "../../src/config/ship-schema.ts";
import { captureLog } from "../support/log.ts";
import { createFakeSink } from "../support/sink.ts";
import { type SecretFolder, secretFolder } from "./support/folder.ts";
import { refusalOf } from "./support/security.ts";

let folder: SecretFolder;
beforeEach(() => {
  folder = secretFolder();
});
afterEach(() => folder[Symbol.dispose]());

interface Given {
  readonly exports?: z.input<typeof auditExportsConfig>;
  readonly anchors?: z.input<typeof auditAnchorsConfig>;
}

const parse = ({ exports = [], anchors = [] }: Given) => ({
  exports: auditExportsConfig.parse(exports),
  anchors: auditAnchorsConfig.parse(anchors),
});

/** Starts shipping a log of two records. */
async function start(given: Given) {
  const dir = join(folder.path, "audit");
  mkdirSync(dir, { mode: 0o700 });
  const log = await openAuditLog({ dir: join(dir, "0"), server: "test" });
  await log.close();
  const sink = createFakeSink();
  const captured = captureLog();
  const shipping = await openShipping(parse(given), { dir, log: captured.log, audit: sink });
  onTestFinished(() => shipping?.close({ flushMs: 0 }));
  return { shipping, sink, captured, dir };
}

/** A collector that answers as it is told. */
async function collector(status: number) {
  const state = { status, requests: 0 };
  const server = createServer((request, response) => {
    state.requests++;
    request.resume().on("end", () => response.writeHead(state.status).end("{}"));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close().closeAllConnections());
  return { state, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/logs` };
}

it("says nothing, and loads nothing, where nothing is configured", async () => {
  expect((await start({})).shipping).toBeUndefined();
});

it("starts while a collector is away, and puts on record that it is, and that it is back", async () => {
  const { state, url } = await collector(503);
  const { sink, captured } = await start({ exports: [{ otlp: { url, timeoutMs: 200 } }] });
  const part = "audit export otlp";
  await sink.until((event) => JSON.stringify(event).includes('"available":false'));
  state.status = 200;
  await sink.until((event) => JSON.stringify(event).includes('"available":true'));
  expect(sink.of("state.changed").map(({ detail }) => detail)).toEqual([
    { part, log: "0", available: false, error: "busy" },
    { part, log: "0", available: true },
  ]);
  expect(captured.entries().map(({ level }) => level)).toEqual([50, 30]);
});

it("writes checkpoints to an anchor, and says when it is on the volume of the log", async () => {
  const file = join(folder.path, "anchor.txt");
  const { captured } = await start({ anchors: [{ file }] });
  await vi.waitFor(() => expect(readFileSync(file, "utf8")).toMatch(/^test\/[\w-]{22}\n2\n/m), { timeout: 20_000 });
  expect(captured.lines.join()).toContain("on the same volume");
});

describe("what cannot be used", () => {
  const url = "https://collector.example/v1/logs";
  const CASES: readonly [what: string, given: () => Given, message: RegExp][] = [
    [
      "a token that is not there",
      () => ({ exports: [{ otlp: { url, bearerFile: "/gone" } }] }),
      /audit\.exports\[0\]\.otlp\.bearerFile: \/gone cannot be read/,
    ],
    [
      "a token that others can read",
      () => ({ exports: [{ otlp: { url, bearerFile: folder.write("token", "t", 0o644) } }] }),
      /chmod 600/,
    ],
    [
      "a header that is not there",
      () => ({ anchors: [{ url, headerFiles: { "x-api-key": "/gone" } }] }),
      /audit\.anchors\[0\]\.x-api-key: \/gone cannot be read/,
    ],
    [
      "an authority that is not there",
      () => ({ exports: [{ syslog: { host: "log.example", caFile: "/gone" } }] }),
      /audit\.exports\[0\]\.syslog\.caFile: \/gone cannot be read/,
    ],
    ["plain HTTP to elsewhere", () => ({ exports: [{ otlp: { url: "http://c.example/v1/logs" } }] }), /must be https/],
    ["two of one name", () => ({ exports: [{ otlp: { url } }, { otlp: { url } }] }), /two targets are named otlp/],
    [
      "an anchor in the audit folder",
      () => ({ anchors: [{ file: join(folder.path, "audit", "anchor.txt") }] }),
      /lies in the audit folder/,
    ],
  ];

  it.each(CASES)("%s is refused", async (_, given, message) => {
    const refusal = await refusalOf(() => start(given()));
    expect(refusal.message).toMatch(message);
    expect(refusal.exitCode).toBe(78);
  });

  it.each([
    [{ exports: [{ otlp: { url: "https://c.example/", timeout: 1 } }] }],
    [{ exports: [{ file: "/x" }] }],
    [{ exports: [{ otlp: { url: "https://c.example/" }, syslog: { host: "log.example" } }] }],
    [{ anchors: [{ file: "/x", mode: "append" }] }],
    [{ anchors: [{ url: "ftp://a.example/" }] }],
  ])("%j is no configuration", (given) => {
    expect(() => parse(given as Given)).toThrow();
  });
});

it("names the secrets that no client may read", () => {
  const url = "https://collector.example/v1/logs";
  const config = parse({
    exports: [{ otlp: { url, bearerFile: "/a", headerFiles: { x: "/b" } } }],
    anchors: [{ syslog: { host: "log.example", keyFile: "/c", certFile: "/public" } }, { file: "/anchor" }],
  });
  expect(shippingSecretFiles(config)).toEqual(["/a", "/b", "/c"]);
});
