import type { Principal } from "@hardened-mcp/auth/principal";
import { refuse } from "../../errors/call-error.ts";
import { auditedActor } from "../audited.ts";
import type { CallState } from "../state.ts";

/** Who is calling? The entry has established it; a call nobody stands behind goes no further. */
export function authenticate(call: CallState): Principal {
  call.step = "authenticate";
  const { principal } = call.request.origin;
  if (principal === undefined) refuse("denied");
  call.actor = auditedActor(principal);
  return principal;
}
