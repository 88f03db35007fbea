import { StateError, type StateStore } from "@hardened-mcp/state";

import { LIMIT_DEFAULTS } from "../../defaults.ts";
import { refuseUnknownKeys } from "../../known-keys.ts";
import { createRateLimiter } from "../memory-rate-limiter.ts";
import type { PeekableRateLimiter, RateDecision, RateRule } from "../rate-limiter.ts";
import { mergeCharges } from "../rule.ts";
import { createKnownRefusals } from "./known-refusals.ts";
import { type SharedRule, sharedRule } from "./shared-rule.ts";

const ALLOWED: RateDecision = Object.freeze({ ok: true });

/** What a replica allows by itself while the store is away. */
export interface LocalRateOptions {
  /** Each replica allows its part of the limit, at least one call at a time. Default: 1, the whole limit each. */
  readonly expectedReplicas?: number;
  /** Distinct keys remembered for each rule. Default: `LIMIT_DEFAULTS.rateMaxKeys`. */
  readonly maxKeys?: number;
}

export interface SharedRateLimiterOptions<Rule extends string> {
  readonly store: StateStore;
  readonly rules: Readonly<Record<Rule, RateRule>>;
  readonly local?: LocalRateOptions;
  /** The store went away: once each time, not for each call. Must not throw. */
  readonly onDegraded?: (error: StateError) => void;
  /** The store counts again. Must not throw. */
  readonly onRestored?: () => void;
  /** Milliseconds of a clock that never runs backwards. Default: `performance.now`. */
  readonly now?: () => number;
}

interface Charge<Rule> {
  readonly key: string;
  readonly rule: Rule;
  readonly cost: number;
  readonly id: string;
  readonly shared: SharedRule;
}

/**
 * One limit for all replicas that use the same store: never more than `limit` in a window, however many ask at once,
 * die or disagree about the time. A window starts with the first charge, by the store's clock; the next one starts with
 * the first charge after it. So up to twice the limit can pass in a moment around the end of a window, and never more
 * than the limit in one window. A rule with a `burst` counts that many in its part of the window (`limit` 60 a minute
 * with `burst` 10: 10 in 10 seconds).
 *
 * Each call is charged once, refused ones too: a refund that arrives late would land in the next window and let too much
 * pass there. `takeAll` charges the shortest window first and stops at the first refusal, so a call refused for the
 * minute does not use up the day; nothing is charged when a refusal is known already.
 *
 * While the store is `unavailable`, this process decides alone (as {@link createRateLimiter}) and says `degraded`. A
 * charge whose answer was lost is not repeated. How long an absent store is waited for is the store's own affair.
 *
 * `take` and `takeAll` reject with {StateError} `tampered` or `invalid`: let nothing pass then.
 *
 * @throws {RangeError} an unknown option, an impossible rule, or one that does not count whole numbers
 */
export function createSharedRateLimiter<Rule extends string>(
  options: SharedRateLimiterOptions<Rule>,
): PeekableRateLimiter<Rule> {
  const { store, now: clock = () => performance.now(), onDegraded, onRestored } = checkedOptions(options);
  const { expectedReplicas = 1, maxKeys = LIMIT_DEFAULTS.rateMaxKeys } = options.local ?? {};

  const rules = new Map<string, SharedRule>();
  for (const [name, rule] of Object.entries<RateRule>(options.rules)) {
    rules.set(name, sharedRule(name, rule, store, expectedReplicas));
  }
  const localRules = Object.fromEntries([...rules].map(([name, rule]) => [name, rule.local]));
  const local = createRateLimiter<string>({ rules: localRules, maxKeys, now: clock });
  const refusals = createKnownRefusals(maxKeys, LIMIT_DEFAULTS.rateBelieveMs);
  let degraded = false;

  function chargeOf(key: string, rule: Rule, cost: number): Charge<Rule> {
    const shared = rules.get(rule);
    if (shared === undefined) throw new RangeError("no such rate rule");
    shared.refuseImpossibleCost(cost);
    return { key, rule, cost, id: shared.idOf(key), shared };
  }

  /** `undefined`: the store is away, and whether it counted is not known. */
  async function chargeStore({ id, rule, cost, shared }: Charge<Rule>): Promise<RateDecision | undefined> {
    const sentAt = clock();
    try {
      const { ok, value, expiresInMs } = await shared.counter.consume(id, cost);
      if (degraded) onRestored?.();
      degraded = false;
      if (value >= shared.points) refusals.remember(id, expiresInMs, sentAt, clock());
      return ok ? ALLOWED : { ok: false, retryAfterMs: expiresInMs, rule };
    } catch (error) {
      if (!(error instanceof StateError) || error.code !== "unavailable") throw error;
      if (!degraded) onDegraded?.(error);
      degraded = true;
      return undefined;
    }
  }

  function decideAlone(charges: readonly Charge<Rule>[]): RateDecision {
    const shares = charges.map(({ key, rule, cost, shared }) => ({
      key,
      rule,
      cost: Math.min(cost, shared.local.burst),
    }));
    return { ...local.takeAll(shares), degraded: true };
  }

  async function chargeAll(charges: readonly Charge<Rule>[]): Promise<RateDecision> {
    for (const [index, charge] of charges.entries()) {
      const decision = await chargeStore(charge);
      if (decision === undefined) return decideAlone(charges.slice(index));
      if (!decision.ok) return decision;
    }
    return ALLOWED;
  }

  function refusalOf(charges: readonly Charge<Rule>[]): RateDecision | undefined {
    const now = clock();
    let longest = { wait: 0, rule: "" };
    for (const { id, rule } of charges) {
      const wait = refusals.wait(id, now);
      if (wait > longest.wait) longest = { wait, rule };
    }
    return longest.wait > 0 ? { ok: false, retryAfterMs: longest.wait, rule: longest.rule } : undefined;
  }

  return {
    take(key, rule, cost = 1) {
      const charges = [chargeOf(key, rule, cost)];
      return refusalOf(charges) ?? chargeAll(charges);
    },
    takeAll(list) {
      const charges = mergeCharges(list).map(({ key, rule, cost }) => chargeOf(key, rule, cost));
      charges.sort((a, b) => a.shared.windowMs - b.shared.windowMs);
      return refusalOf(charges) ?? chargeAll(charges);
    },
    peek(key, rule, cost = 1) {
      const charge = chargeOf(key, rule, cost);
      const known = refusalOf([charge]);
      if (known !== undefined || !degraded) return known ?? ALLOWED;
      return { ...local.peek(key, rule, Math.min(cost, charge.shared.local.burst)), degraded: true };
    },
  };
}

function checkedOptions<Rule extends string>(options: SharedRateLimiterOptions<Rule>): SharedRateLimiterOptions<Rule> {
  refuseUnknownKeys("createSharedRateLimiter", options, {
    store: true,
    rules: true,
    local: true,
    onDegraded: true,
    onRestored: true,
    now: true,
  });
  const { local = {} } = options;
  refuseUnknownKeys("createSharedRateLimiter local", local, { expectedReplicas: true, maxKeys: true });
  for (const [field, value] of Object.entries(local)) {
    if (!Number.isSafeInteger(value) || value < 1) throw new RangeError(`local.${field} must be a whole number >= 1`);
  }
  return options;
}
