import { execFile } from "node:child_process";
import { chmodSync, readFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it, onTestFinished } from "vitest";
import { createTestCa } from "../../../../test/support/certificates.ts";
import { takeLock } from "../../src/folder/lock.ts";
import { openAuditLog } from "../../src/index.ts";
import { startShipping } from "../../src/ship/index.ts";
import { intent, temporaryFolder, writeLog } from "../support.ts";
import { otlpReceiver } from "./support/otlp-receiver.ts";
import { expectStatus, lines, publicFile, secretFile, ship, until } from "./support/shipping.ts";

const CHILD = join(import.meta.dirname, "children/ship-with-environment.ts");

const bodies = (receiver: { records: readonly { body: string }[] }) => receiver.records.map(({ body }) => body);

/** Ships `dir` to `url` from a process with this environment; gives what it printed. */
async function shipWith(env: NodeJS.ProcessEnv, dir: string, url: string): Promise<unknown> {
  const { stdout } = await promisify(execFile)(process.execPath, [CHILD, dir, url], {
    env: { ...process.env, ...env },
  });
  return JSON.parse(stdout);
}

it("goes where it is told, whatever the environment says", async () => {
  const dir = temporaryFolder();
  await writeLog(dir, 1);
  const [right, wrong] = [await otlpReceiver(), await otlpReceiver()];
  const env = {
    OTEL_EXPORTER_OTLP_ENDPOINT: wrong.url,
    OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: wrong.url,
    OTEL_EXPORTER_OTLP_HEADERS: "x-injected=1,authorization=stolen",
    OTEL_EXPORTER_OTLP_LOGS_HEADERS: "x-injected-too=1",
    OTEL_EXPORTER_OTLP_COMPRESSION: "gzip",
    OTEL_EXPORTER_OTLP_TIMEOUT: "1",
    OTEL_SDK_DISABLED: "true",
    NODE_USE_ENV_PROXY: "1",
    HTTP_PROXY: `http://localhost:${wrong.port}`,
    http_proxy: `http://localhost:${wrong.port}`,
    NO_PROXY: "",
  };
  await shipWith(env, dir, right.url);
  expect(bodies(right)).toEqual(lines(dir));
  expect(wrong.requests).toEqual([]);
  const headers = right.requests[0]?.headers ?? {};
  expect(Object.keys(headers).filter((name) => /injected|authorization|content-encoding/.test(name))).toEqual([]);
});

it("checks certificates, whatever the environment says", async () => {
  const ca = await createTestCa();
  const receiver = await otlpReceiver({ tls: await ca.issue() });
  const dir = temporaryFolder();
  await writeLog(dir, 1);
  const status = await shipWith({ NODE_TLS_REJECT_UNAUTHORIZED: "0" }, dir, receiver.url);
  expect(status).toMatchObject([{ next: 0, lastError: expect.stringMatching(/SELF_SIGNED|UNABLE_TO_/) }]);
  expect(receiver.requests).toEqual([]);
});

it("a server that ends is not kept by a collector that hangs", async () => {
  const dir = temporaryFolder();
  await writeLog(dir, 1);
  const receiver = await otlpReceiver();
  receiver.mood = "hang";
  const shipping = await ship({ dir, exports: [{ otlp: { url: receiver.url } }] });
  await until(() => expect(receiver.requests).toHaveLength(1));
  const started = performance.now();
  await shipping.close({ flushMs: 100 });
  expect(performance.now() - started).toBeLessThan(8000);
  // And the next one finds the lock free.
  receiver.mood = "ok";
  const again = await ship({ dir, exports: [{ otlp: { url: receiver.url } }] });
  await again.close();
  expect(bodies(receiver)).toEqual(lines(dir));
});

it("a process that has nothing else to do ends, without a word to its output", async () => {
  const dir = temporaryFolder();
  await writeLog(dir, 1);
  const receiver = await otlpReceiver();
  receiver.mood = "hang";
  const child = join(import.meta.dirname, "children/ship-and-end.ts");
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [child, dir, receiver.url], {
    timeout: 10_000,
  });
  expect([stdout, stderr]).toEqual(["", ""]);
});

it("whoever loses the lock to a process it could not see moves the cursor no more", async () => {
  const dir = temporaryFolder();
  await writeLog(dir, 1);
  const receiver = await otlpReceiver();
  const shipping = await ship({ dir, exports: [{ otlp: { url: receiver.url } }] });
  await until(() => expectStatus(shipping, "otlp").toMatchObject({ state: "ok", next: 4 }));
  const path = join(dir, "ship-otlp.lock");
  // Moved, not removed: the new lock could get the number of a removed inode.
  for (const file of [path, `${path}.db`]) renameSync(file, `${file}.old`);
  const lock = takeLock(path);
  onTestFinished(() => lock.release());
  await writeLog(dir, 1);
  await until(() => expectStatus(shipping, "otlp").toMatchObject({ state: "elsewhere" }));
  expect(JSON.parse(readFileSync(join(dir, "ship-otlp.json"), "utf8"))).toMatchObject({ next: 4 });
  expect(lock.held()).toBe(true);
});

it("one process ships a log to a target once, and says that another is at it", async () => {
  const dir = temporaryFolder();
  await writeLog(dir, 1);
  const receiver = await otlpReceiver();
  const exports = [{ otlp: { url: receiver.url } }];
  const first = await ship({ dir, exports });
  await until(() => expectStatus(first, "otlp").toMatchObject({ state: "ok", next: 4 }));
  const second = await ship({ dir, exports });
  await until(() => expectStatus(second, "otlp").toMatchObject({ state: "elsewhere" }));
  await first.close();
  await until(() => expectStatus(second, "otlp").toMatchObject({ state: "ok", next: 4 }));
  expect(receiver.records).toHaveLength(4);
});

it("a target that hangs holds up no other", async () => {
  const dir = temporaryFolder();
  await writeLog(dir, 1);
  const [well, hanging] = [await otlpReceiver(), await otlpReceiver()];
  hanging.mood = "hang";
  const exports = [
    { name: "hanging", otlp: { url: hanging.url } },
    { name: "well", otlp: { url: well.url } },
  ];
  await ship({ dir, exports });
  await until(() => expect(well.records).toHaveLength(4));
  expect(hanging.requests).toHaveLength(1);
});

it("finds logs that begin later, each below the folder", async () => {
  const dir = temporaryFolder();
  const receiver = await otlpReceiver();
  await ship({ dir, exports: [{ otlp: { url: receiver.url } }] });
  await writeLog(join(dir, "0"), 1);
  await writeLog(join(dir, "1"), 1);
  await until(() => expect(receiver.records).toHaveLength(8));
});

it("ships no log from a folder that others may write to, and says so", async () => {
  const dir = temporaryFolder();
  await writeLog(dir, 1);
  chmodSync(dir, 0o777);
  const receiver = await otlpReceiver();
  const shipping = await ship({ dir, exports: [{ otlp: { url: receiver.url } }] });
  await until(() => expectStatus(shipping, "otlp").toMatchObject({ state: "failing", lastError: "insecure" }));
  expect(receiver.requests).toEqual([]);
});

it("tells of a target that is away, once, and once when it is back", async () => {
  const dir = temporaryFolder();
  await writeLog(dir, 1);
  const receiver = await otlpReceiver();
  receiver.mood = 500;
  const heard: string[] = [];
  const shipping = await ship({
    dir,
    exports: [{ otlp: { url: receiver.url } }],
    onStatus: ({ state }) => heard.push(state),
  });
  await until(() => expect(receiver.requests.length).toBeGreaterThan(2));
  receiver.mood = "ok";
  await until(() => expectStatus(shipping, "otlp").toMatchObject({ state: "ok" }));
  expect(heard).toEqual(["failing", "ok"]);
});

/** Median and 99th percentile of what a caller waits for its record to be durable, in milliseconds. */
async function latencies(dir: string): Promise<{ p50: number; p99: number }> {
  const log = await openAuditLog({ dir, server: "test" });
  onTestFinished(() => log.close());
  const times: number[] = [];
  for (let i = 0; i < 2000; i++) {
    const started = performance.now();
    log.write(intent(`r${i}`));
    await log.durable();
    times.push(performance.now() - started);
  }
  times.sort((a, b) => a - b);
  return { p50: times[1000] ?? 0, p99: times[1980] ?? 0 };
}

it("a collector that hangs takes no time from a caller", async () => {
  const receiver = await otlpReceiver();
  receiver.mood = "hang";
  const without = await latencies(temporaryFolder());
  const dir = temporaryFolder();
  await ship({ dir, exports: [{ otlp: { url: receiver.url } }] });
  const hanging = await latencies(dir);
  // The disk's own share differs by more from run to run: the promise is that nothing waits for the network.
  expect(hanging.p50).toBeLessThan(3 * without.p50 + 1);
  expect(receiver.records).toEqual([]);
});

it.each([
  [{ exports: [] }, "neither exports nor anchors"],
  [{ exports: [{ otpl: {} }] }, "one of otlp, syslog"],
  [{ exports: [{ otlp: { url: "https://c.example/v1/logs", timeout: 1 } }] }, "otlp.timeout: unknown"],
  [{ exports: [{ otlp: { url: "http://c.example/v1/logs" } }] }, "must be https"],
  [{ exports: [{ otlp: { url: "https://u:secret@c.example/v1/logs" } }] }, "no password"],
  [{ exports: [{ otlp: { url: "https://c.example/", headerFiles: { Host: "/x" } } }] }, "transport's own"],
  [{ exports: [{ syslog: { host: "log.example", facility: 24 } }] }, "from 0 to 23"],
  [{ exports: [{ syslog: { host: "a b" } }] }, "a host name"],
  [{ exports: [{ name: "../x", syslog: { host: "log.example" } }] }, "lower-case letters"],
  [{ exports: [1, 2].map(() => ({ syslog: { host: "log.example" } })) }, "two targets are named syslog"],
  [{ anchors: [{ file: "" }] }, "must be a path"],
  [{ anchors: [{ url: "ftp://a.example/" }] }, "must be an https URL"],
  [{ exprts: [] }, "exprts: unknown"],
])("refuses to start with %j", async (options, message) => {
  const started = startShipping({ dir: temporaryFolder(), ...(options as object) });
  await expect(started).rejects.toThrow(
    expect.objectContaining({ code: "invalid", message: expect.stringContaining(message) }),
  );
  await expect(started).rejects.not.toThrow("secret@");
});

it("refuses to start with a file that is missing, or a secret that others can read", async () => {
  const dir = temporaryFolder();
  const otlp = { url: "https://c.example/v1/logs" };
  const start = (files: object) => startShipping({ dir, exports: [{ otlp: { ...otlp, ...files } }] });
  await expect(start({ caFile: join(dir, "none") })).rejects.toThrow("cannot be read");
  await expect(start({ bearerFile: publicFile("token") })).rejects.toThrow("chmod 600");
  await expect(start({ bearerFile: secretFile("two\nlines") })).rejects.toThrow("not one line");
});

it("needs nothing from OpenTelemetry unless it is configured", () => {
  const manifest = JSON.parse(readFileSync(join(import.meta.dirname, "../../package.json"), "utf8"));
  expect(Object.keys(manifest.dependencies ?? {})).toEqual([]);
  expect(Object.values(manifest.peerDependenciesMeta)).toEqual(
    Object.keys(manifest.peerDependencies).map(() => ({ optional: true })),
  );
});
