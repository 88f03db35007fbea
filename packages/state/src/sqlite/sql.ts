// Keys and values are bytes: a text column would compare by collation and end at NUL.
export const SCHEMA = `
  CREATE TABLE IF NOT EXISTS hardened_mcp_state (
    namespace TEXT NOT NULL,
    kind INTEGER NOT NULL,
    key BLOB NOT NULL,
    value BLOB,
    count INTEGER,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (namespace, kind, key)
  ) STRICT;
  CREATE INDEX IF NOT EXISTS hardened_mcp_state_expires_at ON hardened_mcp_state (expires_at);
`;

/** Milliseconds by SQLite's clock, the same for the whole of one statement; a replica's own notion of time plays no part. */
const NOW = "CAST(round(unixepoch('subsec') * 1000) AS INTEGER)";

const ENTRY = "namespace = @namespace AND kind = 0 AND key = @key";

/** A count beyond what is exact as a double (or none at all) was not written by us: it is left and shown, not added to. */
const MOST = Number.MAX_SAFE_INTEGER;

/** Each operation is one statement, and so is atomic between processes. */
export const SQL = {
  get: `SELECT value FROM hardened_mcp_state WHERE ${ENTRY} AND expires_at > ${NOW}`,
  put: `
    INSERT INTO hardened_mcp_state (namespace, kind, key, value, expires_at)
    VALUES (@namespace, 0, @key, @value, ${NOW} + @ttlMs)
    ON CONFLICT DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at`,
  putIfAbsent: `
    INSERT INTO hardened_mcp_state (namespace, kind, key, value, expires_at)
    VALUES (@namespace, 0, @key, @value, ${NOW} + @ttlMs)
    ON CONFLICT DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at
    WHERE hardened_mcp_state.expires_at <= ${NOW}`,
  compareAndDelete: `DELETE FROM hardened_mcp_state WHERE ${ENTRY} AND value = @value AND expires_at > ${NOW}`,
  increment: `
    INSERT INTO hardened_mcp_state AS held (namespace, kind, key, count, expires_at)
    VALUES (@namespace, 1, @key, @by, ${NOW} + @ttlMs)
    ON CONFLICT DO UPDATE SET
      count = iif(held.expires_at <= ${NOW}, excluded.count,
        iif(held.count BETWEEN -${MOST} AND ${MOST}, held.count + excluded.count, held.count)),
      expires_at = iif(held.expires_at <= ${NOW}, excluded.expires_at, held.expires_at)
    RETURNING count, expires_at - ${NOW} AS expiresInMs`,
  list: `
    SELECT key, value, expires_at - ${NOW} AS expiresInMs FROM hardened_mcp_state
    WHERE namespace = @namespace AND kind = 0 AND key >= @from AND key < @to AND expires_at > ${NOW}
    ORDER BY key LIMIT @limit`,
  delete: "DELETE FROM hardened_mcp_state WHERE namespace = @namespace AND key = @key AND kind IN (0, 1)",
  purge: `
    DELETE FROM hardened_mcp_state WHERE rowid IN
      (SELECT rowid FROM hardened_mcp_state WHERE expires_at <= ${NOW} LIMIT 256)`,
} as const;
