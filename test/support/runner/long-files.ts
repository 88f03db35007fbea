/**
 * Test files that take longest, longest first: a file of half a minute that starts last holds up the whole run. Measured on two
 * quiet cores, in seconds. Vitest orders by its last run, and by size where there was none, as on a clean clone; size says
 * little, a file of five lines may start two clusters.
 */
export const LONG_FILES: Readonly<Record<string, number>> = {
  "packages/audit/test/ship/cursor.test.ts": 39,
  "test/scaffold.test.ts": 28,
  "packages/server/test/replicas/postgres.test.ts": 26,
  "packages/server/test/replicas/redis.test.ts": 26,
  "packages/safe-sql/test/hostile-postgres.test.ts": 24,
  "packages/audit/test/ship/worker.test.ts": 23,
  "servers/http-api/test/documents/real-documents.test.ts": 23,
  "servers/http-api/test/attacks/lies.test.ts": 22,
  "packages/limits/test/rate/million-keys.test.ts": 22,
  "packages/audit/test/ship/otlp.test.ts": 22,
  "packages/server/test/command-line/project-command.test.ts": 21,
  "servers/http-api/test/attacks/memory.test.ts": 20,
  "servers/http-api/test/clients.test.ts": 20,
  "servers/http-api/test/upstreams.test.ts": 18,
  "packages/safe-sql/test/hostile-sqlite-naive.test.ts": 17,
  "packages/cli/test/switches/switches.test.ts": 17,
  "packages/audit/test/ship/anchors.test.ts": 17,
  "servers/filesystem/test/cli.test.ts": 17,
  "packages/server/test/stop-under-load.test.ts": 14,
  "servers/http-api/test/cli.test.ts": 14,
  "packages/safe-sql/test/postgres/role.test.ts": 13,
  "packages/audit/test/log/crash.test.ts": 13,
  "packages/safe-sql/test/sqlite/change.test.ts": 12,
  "packages/redact/test/clean.test.ts": 12,
  "servers/database/test/postgres.test.ts": 12,
  "packages/cli/test/policy/explain.test.ts": 12,
  "packages/safe-fetch/test/exchange/lying-upstream.test.ts": 12,
  "packages/safe-sql/test/hostile-postgres-naive.test.ts": 11,
  "packages/audit/test/ship/kill.test.ts": 11,
  "packages/audit/test/verify/memory.test.ts": 11,
  "packages/cli/test/revocations/revocations.test.ts": 10,
  "packages/audit/test/ship/syslog.test.ts": 10,
};
