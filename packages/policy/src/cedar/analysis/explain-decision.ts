import type { Principal } from "@hardened-mcp/auth/principal";
import type { ManifestMethod, ManifestOperation } from "../../manifest/manifest.ts";
import type { Decision, PolicyTarget } from "../../policy.ts";
import { didYouMean } from "../../text/nearest.ts";
import { type CedarPolicyOptions, createCedarPolicy } from "../decide/cedar-policy.ts";
import type { LoadedPolicies } from "../load/load-policies.ts";
import type { Rule } from "../load/rule.ts";
import { missedBy } from "./missed-by.ts";

/** What to explain. */
export interface ExplainRequest extends Omit<CedarPolicyOptions, "now"> {
  /** A caller, or the name of one in `principals.json`. */
  readonly as: Principal | string;
  /** Name of the tool, prompt or resource. */
  readonly name: string;
  /** Default `tools/call`. */
  readonly method?: ManifestMethod;
  /** As the tool would get them, defaults filled in. */
  readonly args: unknown;
  /** Milliseconds since the epoch. Default: now. */
  readonly now?: number;
}

/** A decision and how it came about. */
export interface Explanation {
  readonly decision: Decision;
  /** Whether the caller sees the operation in a listing. */
  readonly listed: boolean;
  readonly operation: ManifestOperation;
  /** The rules that made the decision. */
  readonly determining: readonly Rule[];
  /** Permits for this operation that did not hold, and the first thing that each missed. */
  readonly missed: readonly { readonly rule: Rule; readonly because: string }[];
}

/**
 * What would happen, and why; by the very code that decides.
 *
 * @throws {TypeError} no such caller, server or operation
 */
export function explainDecision(request: ExplainRequest): Explanation {
  const { as, name, method = "tools/call", args, now = Date.now(), ...options } = request;
  const { policies, server, timeZone = "UTC" } = options;
  const principal = typeof as === "string" ? namedPrincipal(policies, as) : as;
  const policy = createCedarPolicy({ ...options, now: () => now });
  const operation = operationOf(policies, server, method, name);
  const { effect, scope, needsApproval } = operation;
  const target: PolicyTarget = { method, name, effect, scope, needsApproval };
  const standing = policy.standing(principal, target);
  const verdict = standing?.kind === "open" ? standing.decide(args) : standing?.verdict;
  const determining = verdict?.rules ?? [];
  return {
    decision: policy.decide(principal, target, args),
    listed: policy.visible(principal, target),
    operation,
    determining,
    missed: missedBy({ policies, server, method, name, principal, args, now, timeZone }, determining),
  };
}

/** @throws {TypeError} naming the nearest */
export function namedPrincipal({ principals }: LoadedPolicies, name: string): Principal {
  const found = principals?.get(name);
  if (found !== undefined) return found;
  if (principals === undefined) throw new TypeError("There is no principals.json to name a caller from.");
  throw new TypeError(`principals.json has nobody named "${name}".${didYouMean(name, principals.keys())}`);
}

function operationOf(
  { vocabulary }: LoadedPolicies,
  server: string,
  method: ManifestMethod,
  name: string,
): ManifestOperation {
  const all = vocabulary.servers.get(server)?.manifest.operations.filter((one) => one.method === method) ?? [];
  const found = all.find((one) => one.name === name);
  if (found !== undefined) return found;
  const near = didYouMean(
    name,
    all.map((one) => one.name),
  );
  throw new TypeError(`The server "${server}" has nothing named "${name}" for ${method}.${near}`);
}
