import { type Principal, principalKey } from "@hardened-mcp/auth/principal";
import type { RateDecision, RateLimiter } from "@hardened-mcp/limits";

/** What a call takes from one account of whoever makes it. */
export interface Charge {
  readonly account: string;
  readonly rule: string;
  readonly cost: number;
}

/** How much one principal may still do. */
export interface Rates {
  /** Charges all or refuses; a call is charged exactly once. */
  charge(principal: Principal, charges: readonly Charge[]): RateDecision | Promise<RateDecision>;
}

/** @param server its name, which keeps apart the servers that share one store */
export function createRates(limiter: RateLimiter, server: string): Rates {
  const keys = new WeakMap<Principal, string>();
  const keyOf = (principal: Principal): string => {
    const known = keys.get(principal);
    if (known !== undefined) return known;
    const key = `${server} ${principalKey(principal)} `;
    keys.set(principal, key);
    return key;
  };
  return {
    charge(principal, charges) {
      const key = keyOf(principal);
      const [first] = charges;
      if (charges.length === 1 && first !== undefined) return limiter.take(key + first.account, first.rule, first.cost);
      return limiter.takeAll(charges.map(({ account, rule, cost }) => ({ key: key + account, rule, cost })));
    },
  };
}
