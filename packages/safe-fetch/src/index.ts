export { createSafeFetch } from "./create-safe-fetch.ts";
export type { HostRule, PrivateAddresses } from "./host-rule.ts";
export { hostRuleOf } from "./host-rule-of.ts";
export { DEFAULT_LIMITS } from "./options/limits.ts";
export { SafeFetchOptionError } from "./options/option-error.ts";
export { SafeFetchError, type SafeFetchErrorCode } from "./safe-fetch-error.ts";
export type { SafeFetch, SafeFetchLimits, SafeFetchOptions, SafeRequest, SafeResponse } from "./types.ts";
