import type { Principal } from "@hardened-mcp/auth/principal";
import type { Decision, Policy, PolicyTarget } from "../policy.ts";
import { refuseUnknownKeys } from "../text/known-keys.ts";
import type { Switches } from "./create-switches.ts";

const KEPT_OUT: Readonly<Record<"client" | "subject", Decision>> = {
  client: Object.freeze({ effect: "deny", rule: "switch/client" }),
  subject: Object.freeze({ effect: "deny", rule: "switch/subject" }),
};
const DISABLED: Decision = Object.freeze({ effect: "deny", rule: "switch/tool" });
const READ_ONLY: Decision = Object.freeze({
  effect: "deny",
  rule: "switch/read-only",
  message: "The operator has switched this server to read-only for now.",
});

/**
 * `policy` under `switches`: they take away and never give. Whoever is kept out sees nothing and gets nothing, lists
 * included; a disabled tool is as if it were not there; in read-only everything stays in sight, so that a client learns why.
 *
 * `refresh` rejects when the state is away. What was last known goes on being asked until then; how long that is good
 * enough is the server's to say.
 *
 * @throws {TypeError} an unknown option, or no server
 */
export function withSwitches(policy: Policy, switches: Switches, options: { readonly server: string }): Policy {
  refuseUnknownKeys("withSwitches", options, { server: true });
  const { server } = options;
  // Without it, a switch for one server's tool would match nothing.
  if (typeof server !== "string" || server === "") throw new TypeError("withSwitches needs the server's name.");
  return {
    refresh: () => both(policy.refresh?.(), switches.refresh()),
    visible(principal: Principal, target: PolicyTarget) {
      const now = switches.snapshot();
      if (now.keepsOut(principal) !== undefined || now.isDisabled(server, target)) return false;
      return policy.visible(principal, target);
    },
    decide(principal: Principal, target: PolicyTarget, args: unknown) {
      const now = switches.snapshot();
      const out = now.keepsOut(principal);
      if (out !== undefined) return KEPT_OUT[out];
      if (now.isDisabled(server, target)) return DISABLED;
      if (now.isReadOnly && target.effect !== "read") return READ_ONLY;
      return policy.decide(principal, target, args);
    },
  };
}

function both(a: Promise<void> | undefined, b: Promise<void> | undefined): Promise<void> | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return Promise.all([a, b]).then(() => undefined);
}
