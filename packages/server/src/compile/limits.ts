import { type ConcurrencyGate, createConcurrencyGate, createRateLimiter, type RateLimiter } from "@hardened-mcp/limits";
import type { CallLimits } from "../define/call.ts";
import { EFFECT_RULES, type Effect } from "../effect.ts";
import type { ServerLimits } from "../options.ts";

/** What one operation may use: its own bounds over the server's. */
export interface OperationLimits {
  readonly deadlineMs: number;
  readonly maxResultBytes: number;
  readonly gate: ConcurrencyGate;
  readonly rate: RateLimiter;
  readonly rateRule: string;
}

/** Rates in use, as one limiter with a rule per distinct figure, so that memory stays bounded by key and not by tool. */
export function createLimitsFactory(
  server: ServerLimits,
  declared: readonly { readonly effect: Effect; readonly limits: CallLimits }[],
): (effect: Effect, limits: CallLimits) => OperationLimits {
  const perMinute = (effect: Effect, limits: CallLimits): number =>
    limits.callsPerMinute ?? server.callsPerMinute ?? EFFECT_RULES[effect].callsPerMinute;
  const figures = new Set(declared.map(({ effect, limits }) => perMinute(effect, limits)));
  const rate = createRateLimiter({
    rules: Object.fromEntries([...figures].map((limit) => [String(limit), { limit, windowMs: 60_000 }])),
  });
  return (effect, limits) => ({
    deadlineMs: limits.deadlineMs ?? server.deadlineMs,
    maxResultBytes: limits.maxResultBytes ?? server.maxResultBytes,
    gate: createConcurrencyGate({
      max: limits.concurrency ?? server.concurrency,
      queue: server.queue,
      maxWaitMs: server.maxWaitMs,
    }),
    rate,
    rateRule: String(perMinute(effect, limits)),
  });
}
