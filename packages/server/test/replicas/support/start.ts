import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { type ApiKeyEntry, createApiKey } from "@hardened-mcp/auth";
import { openState, type StateStore } from "@hardened-mcp/state";
import type { ServerLimits } from "../../../src/options.ts";
import { legacyCall, messagesOf, post } from "../../support/http.ts";

const SCRIPT = fileURLToPath(new URL("./replica-server.ts", import.meta.url));
const CLOCK = new URL("./wrong-clock.mjs", import.meta.url).href;

/** What a replica is started with. */
export interface ReplicaTask {
  readonly auditDir: string;
  readonly apiKeys: readonly ApiKeyEntry[];
  readonly state: Readonly<Record<string, string | number>>;
  readonly limits: Partial<ServerLimits>;
}

export interface CallAnswer {
  readonly status: number;
  /** `ok`, or the public code. */
  readonly code: string;
  readonly retryable: boolean | undefined;
  readonly retryAfterMs: number | undefined;
  /** Seconds, from the header. */
  readonly retryAfter: string | null;
  /** By the replica's own clock, where the tool ran. */
  readonly at: number | undefined;
}

export interface AuditRecord {
  readonly type: string;
  readonly detail?: Readonly<Record<string, unknown>>;
  readonly decision?: { readonly code?: string; readonly rule?: string };
  readonly actor?: { readonly subject: string };
}

export interface Replica {
  readonly process: ChildProcess;
  call(who: string, tool: "look" | "change"): Promise<CallAnswer>;
  records(): readonly AuditRecord[];
  /** SIGKILL, as a machine that fails. */
  kill(): Promise<void>;
}

/** Two replicas and an operator on one store. */
export interface Cluster extends AsyncDisposable {
  readonly replicas: readonly [Replica, Replica];
  readonly operator: StateStore;
  start(options?: { readonly skewMs?: number }): Promise<Replica>;
}

export interface ClusterOptions {
  readonly url: string;
  readonly callers: Readonly<
    Record<string, { readonly subject: string; readonly tenant?: string; readonly client?: string }>
  >;
  readonly limits?: Partial<ServerLimits>;
  /** By how much the second replica's clock is wrong. */
  readonly skewMs?: number;
  /**
   * When the store counts as away. Patient by default: a busy two-core machine is no outage, and a replica that believes
   * in one goes by a limit of its own.
   */
  readonly timeoutMs?: number;
}

export async function startCluster({
  url,
  callers,
  limits = {},
  skewMs = 0,
  timeoutMs = 10_000,
}: ClusterOptions): Promise<Cluster> {
  const dir = mkdtempSync(join(tmpdir(), "hardened-mcp-replicas-"));
  const secrets = { urlFile: join(dir, "url"), keyFile: join(dir, "state.key") };
  const macKey = randomBytes(32);
  writeFileSync(secrets.urlFile, url, { mode: 0o600 });
  writeFileSync(secrets.keyFile, macKey, { mode: 0o600 });
  // A namespace of its own keeps clusters apart that share a store.
  const namespace = `test-${randomBytes(6).toString("hex")}`;
  const keys = Object.entries(callers).map(([id, caller]) => ({
    id,
    ...createApiKey({ id, scopes: ["notes:use"], ...caller }),
  }));
  const apiKeys = keys.map(({ entry }) => entry);
  const keyOf = new Map(keys.map(({ id, key }) => [id, key]));
  const running: ChildProcess[] = [];

  async function start({ skewMs = 0 }: { readonly skewMs?: number } = {}): Promise<Replica> {
    const auditDir = join(dir, `audit-${running.length}`);
    const task: ReplicaTask = { auditDir, apiKeys, state: { ...secrets, namespace, timeoutMs }, limits };
    const args = [...(skewMs === 0 ? [] : ["--import", CLOCK]), SCRIPT, JSON.stringify(task)];
    const env = { ...process.env, SKEW_MS: String(skewMs) };
    const child = spawn(process.execPath, args, { stdio: ["ignore", "inherit", "pipe"], env });
    running.push(child);
    return await whenServing(child, child.stderr, auditDir, keyOf);
  }

  await using opened = new AsyncDisposableStack();
  opened.defer(() => rmSync(dir, { recursive: true, force: true }));
  opened.defer(async () => void (await Promise.all(running.map(kill))));
  const replicas = await Promise.all([start(), start({ skewMs })]);
  const operator = await openState(url, { namespace, macKeys: [macKey], timeoutMs: 5_000 });
  opened.defer(() => operator.close());
  const cluster = opened.move();
  return { replicas, operator, start, [Symbol.asyncDispose]: () => cluster.disposeAsync() };
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "close");
  child.kill("SIGKILL");
  await gone;
}

async function whenServing(
  child: ChildProcess,
  stderr: Readable,
  auditDir: string,
  keyOf: ReadonlyMap<string, string>,
): Promise<Replica> {
  const gone = once(child, "close");
  let log = "";
  const url = await new Promise<URL>((resolve, reject) => {
    stderr.on("data", (chunk: Buffer) => {
      log += chunk.toString();
      const address = /"address":"([^"]+)"/.exec(log)?.[1];
      if (address !== undefined) resolve(new URL(address));
    });
    gone.then(() => reject(new Error(`the replica ended: ${log}`)));
  });
  const headers = (who: string) => ({ authorization: `Bearer ${keyOf.get(who) ?? who}` });
  return {
    process: child,
    async call(who, tool) {
      const response = await post(url, legacyCall(1, tool, {}), { headers: headers(who) });
      return answerOf(response, (await messagesOf(response))[0] ?? {});
    },
    records: () =>
      readdirSync(auditDir, { recursive: true, encoding: "utf8" })
        .filter((name) => name.endsWith(".jsonl"))
        .sort()
        .flatMap((name) => readFileSync(join(auditDir, name), "utf8").trim().split("\n"))
        .map((line) => JSON.parse(line) as AuditRecord),
    kill: () => kill(child),
  };
}

interface PublicError {
  readonly code: string;
  readonly retryable: boolean;
  readonly retryAfterMs?: number;
}

function answerOf(response: Response, message: Record<string, unknown>): CallAnswer {
  const result = message["result"] as { structuredContent?: { error?: PublicError; at?: number } } | undefined;
  const failed = message["error"] as { data?: { error?: PublicError } } | undefined;
  const error = result?.structuredContent?.error ?? failed?.data?.error;
  return {
    status: response.status,
    code: error?.code ?? "ok",
    retryable: error?.retryable,
    retryAfterMs: error?.retryAfterMs,
    retryAfter: response.headers.get("retry-after"),
    at: result?.structuredContent?.at,
  };
}
