export { EFFECTS, type Effect, isMilder } from "./effect.ts";
export type { ManifestMethod, ManifestOperation, MilderEffect, ServerManifest } from "./manifest/manifest.ts";
export { MANIFEST_LIMITS, parseManifest } from "./manifest/parse-manifest.ts";
export type { Decision, Policy, PolicyTarget } from "./policy.ts";
export { canStepUp, defaultPolicy, holdsScope, type ScopePolicyOptions, scopePolicy } from "./scope-policy.ts";
export {
  createSwitches,
  type SwitchChange,
  type Switches,
  type SwitchesOptions,
  type SwitchReason,
} from "./switches/create-switches.ts";
export type { Switch, SwitchEntry } from "./switches/switch.ts";
export { withSwitches } from "./switches/with-switches.ts";
