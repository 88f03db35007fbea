import { hash } from "node:crypto";
import type { StateStore } from "@hardened-mcp/state";

import type { RateRule } from "../rate-limiter.ts";
import { checkedRule, refuseImpossibleCost } from "../rule.ts";
import { createStoreCounter, type StoreCounter } from "./store-counter.ts";

/** One rule as the store counts it: at most `points` in each window of `windowMs`. */
export interface SharedRule {
  readonly name: string;
  readonly points: number;
  readonly windowMs: number;
  readonly counter: StoreCounter;
  /** What this process allows by itself while the store is away. */
  readonly local: { readonly limit: number; readonly windowMs: number; readonly burst: number };
  /** @throws {RangeError} a cost that is not a whole number from 1 to `points` */
  refuseImpossibleCost(cost: number): void;
  /** The key in the store: of fixed length, free of names, and another one when the window is changed. */
  idOf(key: string): string;
}

/** @throws {RangeError} as {@link checkedRule}; a burst that is no whole number, since stores count whole numbers */
export function sharedRule(name: string, rule: RateRule, store: StateStore, expectedReplicas: number): SharedRule {
  const checked = checkedRule(name, rule);
  const { limit, burst: points } = checked;
  if (!Number.isSafeInteger(points)) {
    throw new RangeError(`rate rule ${name}: ${rule.burst === undefined ? "limit" : "burst"} must be a whole number`);
  }
  const windowMs = Math.ceil((checked.windowMs * points) / limit);
  return {
    name,
    points,
    windowMs,
    counter: createStoreCounter(store, points, windowMs),
    local: {
      limit: limit / expectedReplicas,
      windowMs: checked.windowMs,
      burst: Math.max(1, points / expectedReplicas),
    },
    refuseImpossibleCost(cost) {
      refuseImpossibleCost(checked, cost);
      if (!Number.isInteger(cost)) throw new RangeError(`rate rule ${name}: cost must be a whole number`);
    },
    idOf: (key) => `limits:rate:${hash("sha256", JSON.stringify([name, windowMs, key]), "base64url")}`,
  };
}
