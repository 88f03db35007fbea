import type { Principal } from "@hardened-mcp/auth/principal";
import type { Answer } from "../../src/call/answer.ts";
import { walkCallPath } from "../../src/call/path.ts";
import type { CallRequest } from "../../src/call/request.ts";
import type { GuardedServer } from "../../src/server.ts";

export const alice: Principal = {
  issuer: "https://issuer.example",
  subject: "alice",
  scopes: new Set(["echo:use"]),
  roles: [],
  assurance: "token",
};

/** Walks the call path as an entry would. */
export function walk(
  server: GuardedServer,
  request: Partial<CallRequest> & { principal?: Principal | null } = {},
): Promise<Answer> {
  const { principal = alice, ...rest } = request;
  return walkCallPath(server.guard, {
    method: "tools/call",
    name: "echo",
    args: { text: "hello" },
    origin: { transport: "http", principal: principal ?? undefined },
    signal: new AbortController().signal,
    progress: undefined,
    traceparent: undefined,
    ...rest,
  });
}

/** The public error of an answer that must be one. */
export function errorOf(answer: Answer): Extract<Answer, { ok: false }>["error"] {
  if (answer.ok) throw new Error(`expected a refusal, got ${JSON.stringify(answer.result)}`);
  return answer.error;
}
