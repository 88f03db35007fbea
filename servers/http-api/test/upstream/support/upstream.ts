import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import type { Principal } from "@hardened-mcp/server";
import type { z } from "zod";
import { apiConfig } from "../../../src/config/api-schema.ts";
import {
  type ApiRequest,
  type SendContext,
  type Upstream,
  type UpstreamAnswer,
  UpstreamError,
} from "../../../src/model/exchange.ts";
import { openUpstream, type UpstreamContext } from "../../../src/upstream/open-upstream.ts";

export interface OpenedUpstream extends Upstream, AsyncDisposable {
  /** Everything that was logged. */
  readonly logged: readonly string[];
}

export function open(
  baseUrl: string,
  config: z.input<typeof apiConfig> = {},
  { name = "test", ...context }: Partial<UpstreamContext> & { readonly name?: string } = {},
): OpenedUpstream {
  const logged: string[] = [];
  const write = (fields: object, message: string) => void logged.push(inspect([fields, message], { depth: 20 }));
  const upstream = openUpstream(
    name,
    { ...apiConfig.parse(config), baseUrl },
    { log: { info: write, warn: write }, egressProxy: undefined, ...context },
  );
  return { ...upstream, logged, [Symbol.asyncDispose]: () => upstream.close() };
}

export function principal(subject = "alice", more: Partial<Principal> = {}): Principal {
  return Object.freeze({
    issuer: "https://as.example",
    subject,
    scopes: new Set<string>(),
    roles: [],
    assurance: "token" as const,
    ...more,
  });
}

const ALICE = principal();

export interface Asked extends Partial<SendContext> {
  readonly method?: ApiRequest["method"];
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: ApiRequest["body"];
}

export async function send(to: Upstream, url: string, asked: Asked = {}): Promise<UpstreamAnswer> {
  const { method = "GET", headers = {}, body, ...context } = asked;
  return await to.send(
    { method, url: new URL(url), headers, body },
    {
      principal: ALICE,
      signal: new AbortController().signal,
      isIdempotent: method !== "POST" && method !== "PATCH",
      deadlineMs: 20_000,
      ...context,
    },
  );
}

export async function textOf(answer: UpstreamAnswer): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const part of answer.body) parts.push(part);
  return Buffer.concat(parts).toString();
}

/** Status and body. */
export async function ask(to: Upstream, url: string, asked?: Asked): Promise<readonly [number, string]> {
  const answer = await send(to, url, asked);
  return [answer.status, await textOf(answer)];
}

export async function failure(work: Promise<unknown>): Promise<UpstreamError> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof UpstreamError) return error;
  throw new Error(`no UpstreamError but ${inspect(error)}`);
}

/** Everything there is of an error: its causes, stacks, and what is not enumerable. */
export function allOf(value: unknown): string {
  return (
    inspect(value, { depth: 20, showHidden: true, getters: true, maxStringLength: null, maxArrayLength: null }) +
    JSON.stringify(value)
  );
}

/** Files with secrets in a folder of their own. */
export interface Secrets extends Disposable {
  /** @returns its path; written again, it is another file of the same name */
  write(name: string, text: string, mode?: number): string;
}

export function secrets(): Secrets {
  const folder = mkdtempSync(join(tmpdir(), "upstream-"));
  return {
    write(name, text, mode = 0o600) {
      const path = join(folder, name);
      writeFileSync(path, text, { mode });
      chmodSync(path, mode);
      return path;
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}
