/** What `--help` prints. */
export const HELP = `Usage: hardened-mcp-database [flags] FILE.db|postgres://ROLE@HOST/DATABASE...

Serves the named databases to an MCP client: what they hold can be read, within the rules of the configuration.

  --http [HOST:PORT]    serve over HTTP (default 127.0.0.1:3000) instead of stdio
  --config FILE         configuration in JSON; --print-config-schema prints its schema
  --policy PATH         Cedar policies: a file, or a folder of *.cedar files
  --allow-write         add execute, for changes that the rules of a source name
  --state URL           state that replicas share: sqlite:///PATH, postgres://HOST/DB, rediss://HOST
  --audit-dir DIR       where the audit log is kept (default: the user's state folder)
  --print-role-sql [SOURCE]  print the SQL that makes a right PostgreSQL role, and end
  --tools-lock FILE     the reviewed definitions that the start is held to (default: none)
  --write-tools-lock    write them (default: tools.lock.json), say what has changed, and end
  --check-tools-lock    say what is not as reviewed, and end with 1 if anything is not
  --print-config        print the effective configuration and end
  --print-config-schema print the JSON Schema of the configuration and end
  --print-manifest      print what policies can speak about and end
  --help, --version

  --dangerously-allow-tool-drift   only warn of what is not as reviewed; for development

A URL with a password is refused here, where every process of this machine can see it. Put it in a file of mode 600 and
name that in the configuration ("urlFile"), or in the variable HARDENED_MCP_DATABASE_URL.

Precedence: flag, environment (HARDENED_MCP_*), file, default.
Exit codes: 0 ok, 1 failure, 64 usage, 69 a needed service is away, 73 the audit log cannot be written,
78 bad configuration, or a database role that may do too much.
`;
