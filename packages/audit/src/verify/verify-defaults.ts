/** Numbers of the verifier. */
export const verifyDefaults = {
  /**
   * Records that may follow the last checkpoint. They are covered by the chain alone, which anybody can redo, so there must be
   * a bound. A log signs after 1,000; a signer that takes 100 ms lets 4,000 more through at full speed.
   */
  maxUnsigned: 10_000,
  /** For how long a log may go on unsigned: as long as a log whose signer is away does before it refuses. */
  maxUnsignedMs: 600_000,
  /** How often it may start unsigned: each start signs, unless it crashes right away. */
  maxUnsignedStarts: 10,
  /** Bytes of a list of public keys. */
  maxKeysBytes: 64 * 1024,
  /** Keys that a log itself names, remembered while it is read. */
  maxHints: 64,
  /** Records between two breaths: about 15 ms of work. */
  breath: 4096,
} as const;
