import type { Principal } from "@hardened-mcp/auth/principal";
import { refuse } from "../../errors/call-error.ts";
import { auditedTool } from "../audited.ts";
import { type Found, type Guard, isVisible } from "../guard.ts";
import type { CallState } from "../state.ts";

const KINDS = { "tools/call": "tool", "prompts/get": "prompt", "resources/read": "resource" } as const;

/** Does it exist, for this caller? What may not be seen answers word for word like what is not there. */
export function find(guard: Guard, call: CallState, principal: Principal): Found {
  call.step = "find";
  const { request } = call;
  const found = guard.catalogue.find(request);
  if (found !== undefined && isVisible(guard, principal, found.operation)) {
    call.tool = auditedTool(found.operation);
    return found;
  }
  const kind = KINDS[request.method as keyof typeof KINDS] ?? "method";
  const near = guard.catalogue.suggest(request, (operation) => isVisible(guard, principal, operation));
  refuse("not_found", `There is no such ${kind}.${near === undefined ? "" : ` Did you mean "${near}"?`}`);
}
