/** Every number of shipping, with its unit. */
export const shipDefaults = {
  /** A target that has not answered by then has failed, and what was sent is sent again. */
  timeoutMs: 10_000,
  /** Records of one OTLP request: about 500 KB of JSON. */
  otlpBatchRecords: 512,
  /** More than over OTLP: a batch costs a wait of `settleMs`, whatever is in it. */
  syslogBatchRecords: 4096,
  /** Bytes of records read at once; a line that is longer is no record. */
  batchBytes: 1024 * 1024,
  /** Syslog acknowledges nothing: a batch counts as received once its connection has lived this long after it. */
  settleMs: 250,
  /** A quiet syslog connection is closed: one that a firewall has forgotten swallows the next records without a word. */
  idleMs: 10_000,
  syslogPort: 6514,
  /** "log audit" (RFC 5424, table 1). */
  facility: 13,
  /** The number for examples (RFC 5612). */
  enterprise: 32_473,
  /** The largest record with its header; receivers must take 2,048 and should take 8,192 (RFC 5425, section 4.3.1). */
  maxMessageBytes: 65_536,
  /** Waits between attempts double from the first to the second, less a random half. */
  firstRetryMs: 500,
  lastRetryMs: 30_000,
  /** After a first new record, others are given this long to share its batch. */
  lingerMs: 200,
  /** Watching a folder misses changes on some file systems: it is looked into this often anyway. */
  pollMs: 1000,
  /** How often new logs are looked for, and locks of others tried. */
  rescanMs: 2000,
  /** How often figures reach `status()`. Changes of state do at once. */
  statusMs: 500,
  /** What `close()` gives the last records. */
  flushMs: 2000,
} as const;
