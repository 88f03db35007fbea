/** What `--help` prints. */
export const HELP = `Usage: hardened-mcp-http-api --spec openapi.yaml [--base-url URL] [flags]

Serves the operations of an HTTP API to an MCP client, each as a tool of its own: those that read, and of those that write the
ones that the configuration lists. Nothing else on the network is reached.

  --spec FILE           OpenAPI 3.0 or 3.1 document, JSON or YAML; the API "api" of the configuration
  --base-url URL        where that API is (default: the document's only server, if it is public and https)
  --http [HOST:PORT]    serve over HTTP (default 127.0.0.1:3000) instead of stdio
  --config FILE         configuration in JSON; --print-config-schema prints its schema
  --policy PATH         Cedar policies: a file, or a folder of *.cedar files
  --allow-write         offer the operations listed in "operations.write", too
  --state URL           state that replicas share: sqlite:///PATH, postgres://HOST/DB, rediss://HOST
  --audit-dir DIR       where the audit log is kept (default: the user's state folder)
  --print-operations    print what became a tool, what did not and why, and end; with --json for programs
  --tools-lock FILE     the reviewed definitions that the start is held to (default: none)
  --write-tools-lock    write them (default: tools.lock.json), say what has changed, and end
  --check-tools-lock    say what is not as reviewed, and end with 1 if anything is not
  --print-config        print the effective configuration and end
  --print-config-schema print the JSON Schema of the configuration and end
  --print-manifest      print what policies can speak about and end
  --help, --version

  --dangerously-allow-tool-drift   only warn of what is not as reviewed; for development

Credentials are named in the configuration, as a file of mode 600 or a command. None is accepted here, where every process of
this machine can see it.

Precedence: flag, environment (HARDENED_MCP_*), file, default.
Exit codes: 0 ok, 1 failure, 64 usage, 69 a needed service is away, 73 the audit log cannot be written,
78 bad configuration.
`;
