// bytea, so that neither the encoding of the database nor its collation matters. A logged table: an unlogged one comes back
// empty after a crash, and every revocation with it.
export const SCHEMA = `
  CREATE TABLE IF NOT EXISTS hardened_mcp_state (
    namespace text NOT NULL,
    kind smallint NOT NULL,
    key bytea NOT NULL,
    value bytea,
    count bigint,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (namespace, kind, key)
  );
  CREATE INDEX IF NOT EXISTS hardened_mcp_state_expires_at ON hardened_mcp_state (expires_at);
`;

/** The database's clock, the same throughout a statement. Replicas ask the one database, so their own clocks play no part. */
const NOW = "statement_timestamp()";
const END = `${NOW} + $TTL * interval '1 millisecond'`;
const LEFT = `ceil(extract(epoch FROM expires_at - ${NOW}) * 1000)::float8`;

/** Each operation is one statement; the row's lock makes racing ones wait for each other. `$1` is the namespace. */
export const SQL = {
  get: `SELECT value FROM hardened_mcp_state WHERE namespace = $1 AND kind = 0 AND key = $2 AND expires_at > ${NOW}`,
  put: `
    INSERT INTO hardened_mcp_state (namespace, kind, key, value, expires_at)
    VALUES ($1, 0, $2, $3, ${END.replace("$TTL", "$4")})
    ON CONFLICT (namespace, kind, key) DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at`,
  putIfAbsent: `
    INSERT INTO hardened_mcp_state AS held (namespace, kind, key, value, expires_at)
    VALUES ($1, 0, $2, $3, ${END.replace("$TTL", "$4")})
    ON CONFLICT (namespace, kind, key) DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at
    WHERE held.expires_at <= ${NOW}`,
  compareAndDelete: `
    DELETE FROM hardened_mcp_state
    WHERE namespace = $1 AND kind = 0 AND key = $2 AND value = $3 AND expires_at > ${NOW}`,
  increment: `
    INSERT INTO hardened_mcp_state AS held (namespace, kind, key, count, expires_at)
    VALUES ($1, 1, $2, $3, ${END.replace("$TTL", "$4")})
    ON CONFLICT (namespace, kind, key) DO UPDATE SET
      count = CASE WHEN held.expires_at <= ${NOW} THEN excluded.count ELSE held.count + excluded.count END,
      expires_at = CASE WHEN held.expires_at <= ${NOW} THEN excluded.expires_at ELSE held.expires_at END
    RETURNING count::float8 AS count, ${LEFT} AS left`,
  list: `
    SELECT key, value, ${LEFT} AS left FROM hardened_mcp_state
    WHERE namespace = $1 AND kind = 0 AND key >= $2 AND key < $3 AND expires_at > ${NOW}
    ORDER BY key LIMIT $4`,
  delete: "DELETE FROM hardened_mcp_state WHERE namespace = $1 AND key = $2 AND kind IN (0, 1)",
  // Rows that somebody is just renewing are passed over, not waited for.
  purge: `
    DELETE FROM hardened_mcp_state WHERE ctid = ANY (ARRAY
      (SELECT ctid FROM hardened_mcp_state WHERE expires_at <= ${NOW} LIMIT 256 FOR UPDATE SKIP LOCKED))`,
} as const;

export type Operation = keyof typeof SQL;
