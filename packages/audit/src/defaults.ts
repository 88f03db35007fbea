/** Every number of this package, with its unit. */
export const auditDefaults = {
  maxRecordBytes: 32_768,
  maxDelayMs: 100,
  maxQueuedBytes: 16 * 1024 * 1024,
  /** Bytes a string may take in a record, after escaping. */
  maxStringBytes: 256,
  /** How much of the newest segment is checked at start: about 100 records. 256 KiB cost 8 ms of a cold start. */
  startCheckBytes: 64 * 1024,
  /** Sub-logs of one folder, so processes of one server. */
  maxSlots: 64,
  /** No record of ours is longer, whatever `maxRecordBytes` was; a longer line is an attack on the verifier. */
  maxLineBytes: 1024 * 1024,
  /** Open intents a reader keeps in mind; more are counted no further. */
  maxOpenIntents: 100_000,
} as const;
