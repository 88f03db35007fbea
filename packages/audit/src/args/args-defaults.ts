/** Numbers of the digests of arguments. */
export const argsDefaults = {
  /** Milliseconds a digest key is used; then it is destroyed. 30 days. */
  digestKeyMs: 30 * 86_400_000,
} as const;
