export {
  createSharedRateLimiter,
  type LocalRateOptions,
  type SharedRateLimiterOptions,
} from "./rate/shared/shared-rate-limiter.ts";
