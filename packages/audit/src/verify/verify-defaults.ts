/** Numbers of the verifier. */
export const verifyDefaults = {
  /**
   * Records that may follow the last checkpoint. They are covered by the chain alone, which anybody can redo, so there must be
   * a bound. A log signs after 1,000, and refuses calls at 8,000: the rest is for what was under way then.
   */
  maxUnsigned: 10_000,
  /**
   * For how long a log may go on unsigned. It refuses calls 10 minutes after the first record that it could not sign; that may
   * stand a minute behind the last checkpoint, and calls that were let in before still end.
   */
  maxUnsignedMs: 900_000,
  /**
   * How often it may start unsigned: each start signs, unless it crashes right away. One whose signer is away leaves nothing: it
   * signs a probe before it writes.
   */
  maxUnsignedStarts: 10,
  /** Bytes of a list of public keys. */
  maxKeysBytes: 64 * 1024,
  /** Keys that a log itself names, remembered while it is read. */
  maxHints: 64,
  /** Records between two breaths: about 15 ms of work. */
  breath: 4096,
} as const;
