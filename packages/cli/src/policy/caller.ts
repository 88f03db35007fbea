import type { Principal } from "@hardened-mcp/auth/principal";
import { type LoadedPolicies, namedPrincipal, roleCallers } from "@hardened-mcp/policy/cedar";
import { UsageError } from "../exit.ts";
import { unknown } from "../flags.ts";

const ROLE = "role:";

/**
 * Whom `--as` means: somebody in `principals.json`, or `role:NAME`, which is a caller with that role, every scope and
 * nothing else.
 *
 * @throws {UsageError} a role that no policy names {@link TypeError} nobody of that name
 */
export function callerOf(policies: LoadedPolicies, as: string): Principal {
  const named = policies.principals?.get(as);
  if (named !== undefined || !as.startsWith(ROLE)) return named ?? namedPrincipal(policies, as);
  const role = as.slice(ROLE.length);
  const callers = roleCallers(policies);
  const caller = callers.get(`role ${role}`);
  if (caller !== undefined) return caller;
  const known = [...callers.values()].flatMap(({ roles }) => roles);
  throw new UsageError(`no policy names it: ${unknown("role", role, known)}`);
}
