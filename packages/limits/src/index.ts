export {
  type ConcurrencyGate,
  createConcurrencyGate,
  type Release,
} from "./concurrency/gate.ts";
export { createKeyedGates, type KeyedGates, type KeyedGatesOptions } from "./concurrency/keyed-gates.ts";
export { type Deadline, withDeadline } from "./deadline.ts";
export { type ConcurrencyOptions, type JsonLimits, LIMIT_DEFAULTS } from "./defaults.ts";
export { checkValue } from "./json/check-value.ts";
export { JsonError, type JsonErrorCode } from "./json/json-error.ts";
export { parseStrictJson } from "./json/parse.ts";
export { LimitError, type LimitErrorCode } from "./limit-error.ts";
export { type AddressKeyOptions, addressKey, UNKNOWN_ADDRESS_KEY } from "./rate/address-key.ts";
export {
  createFailureThrottle,
  type FailureThrottle,
  type FailureThrottleOptions,
  type SharedFailureThrottle,
  type SharedFailureThrottleOptions,
} from "./rate/failure-throttle.ts";
export {
  createRateLimiter,
  type MemoryRateLimiter,
  type MemoryRateLimiterOptions,
} from "./rate/memory-rate-limiter.ts";
export type { PeekableRateLimiter, RateCharge, RateDecision, RateLimiter, RateRule } from "./rate/rate-limiter.ts";
export { type RunOptions, runWithDeadline } from "./run-with-deadline.ts";
export { type TruncatedText, truncateText } from "./truncate-text.ts";
