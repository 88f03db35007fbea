import type { ManifestMethod, ManifestOperation } from "@hardened-mcp/policy";
import type { Operation } from "../operation.ts";
import { inputSchema } from "./json-schema.ts";

const METHODS: readonly string[] = ["tools/call", "prompts/get", "resources/read"] satisfies ManifestMethod[];

/** What policies can speak about: every operation but the lists, which show what the policy makes visible. */
export function describeOperations(operations: readonly Operation[]): readonly ManifestOperation[] {
  return operations.flatMap(({ method, target, input, byEffect }) => {
    const { name, effect, scope, needsApproval } = target;
    if (!isDecided(method) || scope === undefined) return [];
    const milder = [...(byEffect?.values() ?? [])].map((one) => one.target).filter((one) => one.effect !== effect);
    return {
      method,
      name,
      effect,
      scope,
      needsApproval,
      ...(milder.length === 0
        ? {}
        : { milder: milder.map((one) => ({ effect: one.effect, needsApproval: one.needsApproval })) }),
      inputSchema: inputSchema(input),
    };
  });
}

function isDecided(method: string): method is ManifestMethod {
  return METHODS.includes(method);
}
