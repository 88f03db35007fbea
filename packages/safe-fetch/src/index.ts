export type { HostRule, PrivateAddresses } from "./host-rule.ts";
export { SafeFetchError, type SafeFetchErrorCode } from "./safe-fetch-error.ts";
export type { SafeFetch, SafeFetchLimits, SafeFetchOptions, SafeRequest, SafeResponse } from "./types.ts";
