import { type ConcurrencyGate, createConcurrencyGate, type RateRule } from "@hardened-mcp/limits";
import type { Charge } from "../call/rates.ts";
import type { CallLimits } from "../define/call.ts";
import { EFFECT_RULES, type Effect } from "../effect.ts";
import { ConfigError } from "../errors/config-error.ts";
import type { ServerLimits } from "../options.ts";

/** What one operation may use: its own bounds over the server's. */
export interface OperationLimits {
  readonly deadlineMs: number;
  readonly maxResultBytes: number;
  readonly gate: ConcurrencyGate;
  /** What one call of it is charged with. */
  readonly charges: readonly Charge[];
}

/** Every account that calls are charged to, and the bounds of each operation. */
export interface CompiledLimits {
  /** A rule for each distinct figure, so that memory stays bounded by key and not by tool. */
  readonly rules: Readonly<Record<string, RateRule>>;
  /** What a call of something that does not exist is charged with. */
  readonly unknown: readonly Charge[];
  of(effect: Effect, limits: CallLimits, account?: string): OperationLimits;
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const DAY = "day";

/**
 * A call is charged to one account a minute, and to one a day where the server has a daily budget. The account is that of
 * its effect, so that a hundred tools are no hundred budgets; a tool with a figure of its own has an account of its own.
 *
 * @throws {ConfigError} a tool whose one call costs more than its account ever holds
 */
export function compileLimits(
  server: ServerLimits,
  declared: readonly { readonly effect: Effect; readonly limits: CallLimits }[],
): CompiledLimits {
  const perMinute = (effect: Effect, limits: CallLimits): number =>
    limits.callsPerMinute ?? server.callsPerMinute ?? EFFECT_RULES[effect].callsPerMinute;
  const figures = new Set(
    [...declared, { effect: "read" as const, limits: {} }].map((one) => perMinute(one.effect, one.limits)),
  );
  const rules: Record<string, RateRule> = {};
  for (const limit of figures) rules[String(limit)] = { limit, windowMs: MINUTE_MS };
  if (server.costPerDay !== undefined) rules[DAY] = { limit: server.costPerDay, windowMs: DAY_MS };

  const charges = (effect: Effect, limits: CallLimits, account = ""): readonly Charge[] => {
    const cost = limits.cost ?? 1;
    const figure = perMinute(effect, limits);
    const most = Math.min(figure, server.costPerDay ?? figure);
    if (!(cost > 0 && cost <= most))
      throw new ConfigError(`${account}: a cost of ${cost} can never be paid: at most ${most}.`);
    const own = limits.callsPerMinute === undefined ? effect : `${effect} ${account}`;
    const minute = { account: own, rule: String(figure), cost };
    return server.costPerDay === undefined ? [minute] : [minute, { account: DAY, rule: DAY, cost }];
  };

  return {
    rules,
    unknown: charges("read", {}),
    of: (effect, limits, account) => ({
      deadlineMs: limits.deadlineMs ?? server.deadlineMs,
      maxResultBytes: limits.maxResultBytes ?? server.maxResultBytes,
      gate: createConcurrencyGate({
        max: limits.concurrency ?? server.concurrency,
        queue: server.queue,
        maxWaitMs: server.maxWaitMs,
      }),
      charges: charges(effect, limits, account),
    }),
  };
}
