/** What `--help` prints. */
export const HELP = `Usage: hardened-mcp-filesystem [flags] DIRECTORY...

Serves the named directories, and nothing else, to an MCP client. This version reads; it does not write.

  --http [HOST:PORT]    serve over HTTP (default 127.0.0.1:3000) instead of stdio
  --config FILE         configuration in JSON; --print-config-schema prints its schema
  --policy PATH         Cedar policies: a file, or a folder of *.cedar files
  --state URL           state that replicas share: sqlite:///PATH, postgres://HOST/DB, rediss://HOST
  --audit-dir DIR       where the audit log is kept (default: the user's state folder)
  --tools-lock FILE     the reviewed definitions that the start is held to (default: none)
  --write-tools-lock    write them (default: tools.lock.json), say what has changed, and end
  --check-tools-lock    say what is not as reviewed, and end with 1 if anything is not
  --print-config        print the effective configuration and end
  --print-config-schema print the JSON Schema of the configuration and end
  --print-manifest      print what policies can speak about and end
  --help, --version

  --dangerously-allow-broad-root   accept / or a home directory as a root
  --dangerously-allow-tool-drift   only warn of what is not as reviewed; for development

Reserved, refused by this version: --allow-write

Precedence: flag, environment (HARDENED_MCP_*), file, default.
Exit codes: 0 ok, 1 failure, 64 usage, 69 a needed service is away, 73 the audit log cannot be written,
78 bad configuration.
`;
