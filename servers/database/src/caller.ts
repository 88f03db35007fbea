import type { Caller } from "@hardened-mcp/safe-sql";
import type { Principal } from "@hardened-mcp/server";

const callers = new WeakMap<Principal, Caller>();

/** The caller as rules and row-level security know them: from the verified credential, nothing from an argument. */
export function callerOf(principal: Principal): Caller {
  const known = callers.get(principal);
  if (known !== undefined) return known;
  const { roles, subject, issuer, tenant } = principal;
  const caller = Object.freeze({ roles, subject, issuer, tenant });
  callers.set(principal, caller);
  return caller;
}
