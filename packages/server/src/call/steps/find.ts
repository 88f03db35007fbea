import type { Principal } from "@hardened-mcp/auth/principal";
import { refuse } from "../../errors/call-error.ts";
import { auditedTool } from "../audited.ts";
import { type Found, type Guard, isVisible } from "../guard.ts";
import type { CallState } from "../state.ts";
import { admitUnknown } from "./admit.ts";

const KINDS = { "tools/call": "tool", "prompts/get": "prompt", "resources/read": "resource" } as const;

/** Does it exist, for this caller? What may not be seen is not there. */
export function find(guard: Guard, call: CallState, principal: Principal): Found | undefined {
  call.step = "find";
  const found = guard.catalogue.find(call.request);
  if (found === undefined || !isVisible(guard.policy, principal, found.operation)) return undefined;
  call.tool = auditedTool(found.operation);
  return found;
}

/** The one answer for what does not exist and for what this caller may not see: word for word the same. */
export async function refuseUnknown(guard: Guard, call: CallState, principal: Principal): Promise<never> {
  await admitUnknown(guard, principal);
  const { request } = call;
  const kind = KINDS[request.method as keyof typeof KINDS] ?? "method";
  const near = guard.catalogue.suggest(request, (operation) => isVisible(guard.policy, principal, operation));
  refuse("not_found", `There is no such ${kind}.${near === undefined ? "" : ` Did you mean "${near}"?`}`, {
    rule: "unknown_or_hidden",
  });
}
