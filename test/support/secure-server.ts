import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { Agent, request } from "node:https";
import { join } from "node:path";
import { createApiKey, type NewApiKey } from "../../packages/auth/src/index.ts";
import { createTestCa, type Issued, type TestCa } from "./certificates.ts";

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
  /** The message, where it is one. */
  readonly message: {
    readonly result?: Readonly<Record<string, unknown>>;
    readonly error?: { readonly data?: { readonly error?: PublicError } };
  };
}

export interface PublicError {
  readonly code: string;
  readonly retryable: boolean;
}

/** The built command, serving over HTTPS on loopback. */
export interface SecureServer extends AsyncDisposable {
  readonly process: ChildProcess;
  readonly ca: TestCa;
  /** Sends one JSON-RPC request with the API key of that name; `undefined`: with none. */
  ask(who: string | undefined, method: string, params?: Readonly<Record<string, unknown>>): Promise<Answer>;
  renew(pair: Issued): void;
  /** Every record of its audit log. */
  records(): readonly Readonly<Record<string, unknown>>[];
  log(): string;
  port: number;
}

export interface SecureOptions {
  /** The built command. */
  readonly cli: string;
  /** Folder for certificates and the configuration. */
  readonly folder: string;
  readonly audit: string;
  readonly args?: readonly string[];
  /** Callers by name; each gets an API key whose id, subject and name are one. */
  readonly callers: Readonly<Record<string, Omit<NewApiKey, "id" | "subject"> & { readonly subject?: string }>>;
  /** Further keys of the configuration. */
  readonly config?: Readonly<Record<string, unknown>>;
}

export async function startSecure(options: SecureOptions): Promise<SecureServer> {
  const { cli, folder, audit, args = [], callers, config = {} } = options;
  const ca = await createTestCa();
  const files = { certFile: join(folder, "server.pem"), keyFile: join(folder, "server.key") };
  const renew = ({ cert, key }: Issued): void => {
    writeFileSync(files.certFile, cert);
    writeFileSync(files.keyFile, key, { mode: 0o600 });
  };
  renew(await ca.issue());
  const keys = Object.entries(callers).map(([id, caller]) => ({ id, ...createApiKey({ id, subject: id, ...caller }) }));
  const configFile = join(folder, "config.json");
  writeFileSync(
    configFile,
    JSON.stringify({
      http: { port: 0, tls: files },
      auth: { resource: "https://localhost/mcp", apiKeys: keys.map(({ entry }) => entry) },
      ...config,
    }),
    { mode: 0o600 },
  );
  const child = spawn(process.execPath, [cli, "--config", configFile, "--audit-dir", audit, ...args], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  const gone = once(child, "close");
  let log = "";
  const address = await new Promise<string>((resolve, reject) => {
    child.stderr.on("data", (chunk: Buffer) => {
      log += chunk.toString();
      const found = /"address":"([^"]+)"/.exec(log)?.[1];
      if (found !== undefined) resolve(found);
    });
    gone.then(() => reject(new Error(`the server ended: ${log}`)));
  });
  const url = new URL(address);
  const secrets = new Map(keys.map(({ id, key }) => [id, key]));
  const agent = new Agent({ keepAlive: true, maxSockets: 8 });
  return {
    process: child,
    ca,
    port: Number(url.port),
    renew,
    log: () => log,
    records: () => recordsIn(audit),
    ask: (who, method, params = {}) => {
      const key = who === undefined ? undefined : (secrets.get(who) ?? who);
      return post(url, { ca: ca.cert, agent, key }, { jsonrpc: "2.0", id: 1, method, params });
    },
    [Symbol.asyncDispose]: async () => {
      agent.destroy();
      child.kill("SIGTERM");
      await gone;
    },
  };
}

function post(
  url: URL,
  { ca, agent, key }: { ca: string; agent: Agent; key: string | undefined },
  message: object,
): Promise<Answer> {
  const headers = {
    "content-type": "application/json",
    accept: "application/json, text/event-stream",
    ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
  };
  return new Promise((resolve, reject) => {
    const asked = request(url, { method: "POST", ca, agent, headers }, (response) => {
      let body = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        body += chunk;
      });
      response.on("end", () => {
        const json = /^data: (\{.*)$/m.exec(body)?.[1] ?? body;
        const message = json.startsWith("{") ? JSON.parse(json) : {};
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body, message });
      });
    });
    asked.on("error", reject);
    asked.end(JSON.stringify(message));
  });
}

export function recordsIn(dir: string): readonly Readonly<Record<string, unknown>>[] {
  return readdirSync(dir, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".jsonl"))
    .sort()
    .flatMap((name) => readFileSync(join(dir, name), "utf8").trim().split("\n"))
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** `ok`, or the public code that a call was refused with. */
export function codeOf({ status, message }: Answer): string {
  const result = message.result as { structuredContent?: { error?: PublicError }; isError?: boolean } | undefined;
  if (status === 401) return "unauthenticated";
  if (result !== undefined) return result.isError ? (result.structuredContent?.error?.code ?? "?") : "ok";
  return message.error?.data?.error?.code ?? `status ${status}`;
}
