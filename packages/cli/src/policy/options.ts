import type { ParseArgsOptionsConfig } from "node:util";
import { UsageError } from "../exit.ts";
import type { Flags } from "../flags.ts";

/** Flags of every command on policies. */
export const POLICY_OPTIONS = {
  manifest: { type: "string", multiple: true },
  json: { type: "boolean" },
} as const satisfies ParseArgsOptionsConfig;

export const POLICY_HELP = `  PATH             a .cedar file, or a folder of *.cedar, *.manifest.json and principals.json
  --manifest FILE  what a server offers, besides those in the folder, over which it wins. Print it with the flags
                   and the configuration that the server runs with, which say what tools there are:
                   hardened-mcp-filesystem --print-manifest > filesystem.manifest.json
  --json           for scripts
`;

/** @throws {UsageError} no path, or two */
export function policyPath({ positionals }: Flags): string {
  const [path, ...rest] = positionals;
  if (path === undefined || path === "" || rest.length > 0) throw new UsageError("name one policy file or folder");
  return path;
}
