import { LOCK_FILE } from "./tools-lock.ts";

/** What `--help` of a project's command prints. */
export function projectHelp({ name, about }: { readonly name: string; readonly about: string }): string {
  return `Usage: ${name} [flags]

${about}

  --http [HOST:PORT]    serve over HTTP (default 127.0.0.1:3000) instead of stdio
  --config FILE         configuration in JSON (default: server.config.json of the project)
  --policy PATH         Cedar policies: a file, or a folder of *.cedar files
  --state URL           state that replicas share: sqlite:///PATH, postgres://HOST/DB, rediss://HOST
  --audit-dir DIR       where the audit log is kept (default: the user's state folder)
  --allow-write         offer the tools that change something
  --tools-lock FILE     the reviewed definitions that the start is held to (default: ${LOCK_FILE} of the project)
  --write-tools-lock    write them, say what has changed, and end
  --check-tools-lock    say what is not as reviewed, and end with 1 if anything is not
  --print-config        print the effective configuration and end
  --print-config-schema print the JSON Schema of the configuration and end
  --print-manifest      print what policies can speak about and end
  --help, --version

  --dangerously-allow-tool-drift   only warn of what is not as reviewed; for development

Precedence: flag, environment (HARDENED_MCP_*), file, default.
Exit codes: 0 ok, 1 failure, 64 usage, 69 a needed service is away, 73 the audit log cannot be written,
78 bad configuration.
`;
}
