export { EFFECTS, type Effect } from "./effect.ts";
export type { Decision, Policy, PolicyTarget } from "./policy.ts";
export { canStepUp, defaultPolicy, holdsScope, type ScopePolicyOptions, scopePolicy } from "./scope-policy.ts";
