import type { ServerManifest } from "@hardened-mcp/policy";
import { describeOperations } from "./compile/manifest.ts";
import type { GuardedServer } from "./server.ts";

/**
 * What policies can speak about, as plain JSON: for `hardened-mcp policy`, and for the policy folders of other servers.
 *
 * @param name how policies name the server, such as `filesystem`
 */
export function manifestOf(server: GuardedServer, name: string): ServerManifest {
  return { server: name, operations: describeOperations(server.operations) };
}
