import { refuseUnknownKeys } from "../known-keys.ts";
import type { RateCharge, RateRule } from "./rate-limiter.ts";

/** A rule whose numbers were checked. */
export interface CheckedRule {
  readonly name: string;
  readonly limit: number;
  readonly windowMs: number;
  readonly burst: number;
}

/** @throws {RangeError} an unknown option, or a number that is not positive, named after the rule */
export function checkedRule(name: string, rule: RateRule): CheckedRule {
  refuseUnknownKeys(`rate rule ${name}`, rule, { limit: true, windowMs: true, burst: true, maxCost: true });
  const { limit, windowMs, burst = limit, maxCost = burst } = rule;
  for (const [field, value] of Object.entries({ limit, windowMs, burst, maxCost })) {
    if (!Number.isFinite(value) || value <= 0) throw new RangeError(`rate rule ${name}: ${field} must be positive`);
  }
  if (maxCost > burst) {
    throw new RangeError(
      `rate rule ${name}: a call that costs ${maxCost} could never pass, at most ${burst} can be spent at once; raise burst or limit, or lower the cost`,
    );
  }
  return { name, limit, windowMs, burst };
}

/** @throws {RangeError} a cost that is not a positive number up to the burst */
export function refuseImpossibleCost({ name, burst }: CheckedRule, cost: number): void {
  if (!(cost > 0 && cost <= burst)) throw new RangeError(`rate rule ${name}: cost must be in (0, ${burst}]`);
}

/** The same charges with one for each key and rule: checked apart, two halves of a cost would both find room for one. */
export function mergeCharges<Rule extends string>(
  charges: readonly RateCharge<Rule>[],
): readonly Required<RateCharge<Rule>>[] {
  const merged: { readonly key: string; readonly rule: Rule; cost: number }[] = [];
  for (const { key, rule, cost = 1 } of charges) {
    const same = merged.find((known) => known.key === key && known.rule === rule);
    if (same === undefined) merged.push({ key, rule, cost });
    else same.cost += cost;
  }
  return merged;
}
