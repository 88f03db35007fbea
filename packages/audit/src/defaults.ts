/** Every number of this package, with its unit. */
export const auditDefaults = {
  maxRecordBytes: 65_536,
  maxDelayMs: 100,
  maxQueuedBytes: 16 * 1024 * 1024,
  /** Bytes a string may take in a record, after escaping. */
  maxStringBytes: 256,
  /** How much of the newest segment is checked at start: 256 KiB is about 500 records and 3 ms. */
  startCheckBytes: 256 * 1024,
  /** Sub-logs of one folder, so processes of one server. */
  maxSlots: 64,
  /** No record of ours is longer, whatever `maxRecordBytes` was; a longer line is an attack on the verifier. */
  maxLineBytes: 1024 * 1024,
  /** Open intents a reader keeps in mind; more are counted no further. */
  maxOpenIntents: 100_000,
} as const;
