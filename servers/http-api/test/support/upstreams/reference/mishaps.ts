import { json, type Reply } from "../http-upstream.ts";
import type { SeenRequest } from "../seen.ts";
import { STACK_TRACE } from "./canaries.ts";

/** What was done, how often, and what was refused before: for retries, idempotency and breakers. */
export interface Ledger {
  /** Payments that took effect: more than one for one intent is a retry that did harm. */
  readonly effects: { readonly amount: number; readonly key: string | undefined }[];
  readonly failed: Map<string, number>;
}

export function openLedger(): Ledger {
  return { effects: [], failed: new Map() };
}

/** Any status, with a body that tells what it should not. */
export function mishap(status: number, headers: Reply["headers"] = {}): Reply {
  const more = status === 429 || status === 503 ? { "retry-after": "1" } : {};
  if (status === 204 || status === 304) return { status, headers };
  return {
    status,
    headers: { "content-type": "text/plain", "x-request-id": "req-1", ...more, ...headers },
    body: STACK_TRACE,
  };
}

/** Fails the first `failures` times it is asked under this name, then answers. */
export function answerFlaky(ledger: Ledger, name: string, query: URLSearchParams): Reply {
  const retryAfter = query.get("retryAfter");
  if (stillFails(ledger, name, query)) {
    return mishap(Number(query.get("status") ?? 503), { "retry-after": retryAfter ?? "0" });
  }
  return json({ name, failed: ledger.failed.get(name) ?? 0 });
}

/** Takes effect, and then may fail: whoever asks again without a key pays twice. */
export function answerPayment(ledger: Ledger, request: SeenRequest, query: URLSearchParams, heedsKey: boolean): Reply {
  const key = request.headers["idempotency-key"];
  const { amount } = JSON.parse(request.body.toString()) as { amount: number };
  const isRepeated = heedsKey && key !== undefined && ledger.effects.some((effect) => effect.key === key);
  if (!isRepeated) ledger.effects.push({ amount, key });
  if (stillFails(ledger, `payment of ${amount}`, query)) return mishap(503, { "retry-after": "0" });
  return json({ paid: amount, times: ledger.effects.filter((effect) => effect.amount === amount).length });
}

function stillFails({ failed }: Ledger, name: string, query: URLSearchParams): boolean {
  const before = failed.get(name) ?? 0;
  if (before >= Number(query.get("failures") ?? 0)) return false;
  failed.set(name, before + 1);
  return true;
}
