const SECOND = 1000;
const DAY = 24 * 60 * 60 * SECOND;
const MiB = 1024 * 1024;

/** Every number of this package, with its unit. */
export const auditDefaults = {
  maxRecordBytes: 32_768,
  maxDelayMs: 100,
  maxQueuedBytes: 16 * MiB,
  /** A segment that has reached this size is the last one's predecessor. */
  maxSegmentBytes: 64 * MiB,
  maxSegmentAgeMs: DAY,
  /** A checkpoint after so many records, or after this time with new ones. */
  checkpointRecords: 1000,
  checkpointMs: 60 * SECOND,
  /** How long the log goes on while nothing can be signed. Then it refuses, until signing works again. */
  maxUnsignedMs: 600 * SECOND,
  /** Records that may wait to be signed before the log refuses new ones, and how many more outcomes of running calls may. */
  maxUnsignedRecords: 8000,
  unsignedOutcomes: 1500,
  /** How long one key digests arguments. */
  digestKeyMs: 30 * DAY,
  /** Bytes a string may take in a record, after escaping. */
  maxStringBytes: 256,
  /** How much of the newest segment is checked at start at least: about 100 records. 256 KiB cost 8 ms of a cold start. */
  startCheckBytes: 64 * 1024,
  /** Sub-logs of one folder, so processes of one server. */
  maxSlots: 64,
  /** No record of ours is longer, whatever `maxRecordBytes` was; a longer line is an attack on the verifier. */
  maxLineBytes: MiB,
  /** Open intents a reader keeps in mind; more are counted no further. */
  maxOpenIntents: 100_000,
  /** Calls without outcome that a start names one by one. */
  maxReportedIntents: 100,
  /** Wall time may leave monotonic time by this much before it counts as a step. */
  clockStepMs: 2 * SECOND,
} as const;
