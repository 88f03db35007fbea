import type { ManifestOperation, Policy } from "@hardened-mcp/policy";
import { scopePolicy } from "@hardened-mcp/policy/scope-policy";
import type { StateStore } from "@hardened-mcp/state";
import { ConfigError } from "../errors/config-error.ts";
import { quietly } from "../log/quietly.ts";
import type { Recorder } from "./recorder.ts";
import { resolvePath } from "./secret-file.ts";
import type { SecurityConfig, SecurityContext } from "./security.ts";

/**
 * The policy that a configuration names, under the operator's switches where there is shared state to hold them.
 *
 * @returns `undefined`: nothing is named, and the server's own default does
 */
export async function openPolicy(
  config: SecurityConfig,
  context: SecurityContext,
  store: StateStore | undefined,
  recorder: Recorder,
): Promise<((operations: readonly ManifestOperation[]) => Policy) | undefined> {
  if (config.policy === undefined && store === undefined) return undefined;
  const { server } = context;
  const stepUp = config.stepUp ?? [];
  const rules = config.policy === undefined ? () => scopePolicy({ stepUp }) : await cedar(config, context, recorder);
  if (store === undefined) return rules;
  const { createSwitches, withSwitches } = await import("@hardened-mcp/policy");
  const switches = createSwitches({ store, onChange: recorder.switches });
  return (operations) => withSwitches(rules(operations), switches, { server });
}

/** The engine is a megabyte of WebAssembly; only a server with policies waits for it. */
async function cedar(
  { policy: path = "", stepUp = [], policyTimeZone }: SecurityConfig,
  { server, log }: SecurityContext,
  recorder: Recorder,
): Promise<(operations: readonly ManifestOperation[]) => Policy> {
  const { createCedarPolicy, formatFinding, loadPolicies, PolicyError } = await import("@hardened-mcp/policy/cedar");
  return (operations) => {
    try {
      const policies = loadPolicies(resolvePath(path), { manifests: [{ server, operations }] });
      for (const finding of policies.warnings) quietly(() => log.warn({ finding }, formatFinding(finding)));
      recorder.policies(policies.rules, policies.warnings.length);
      return createCedarPolicy({
        policies,
        server,
        stepUp,
        ...(policyTimeZone === undefined ? {} : { timeZone: policyTimeZone }),
      });
    } catch (error) {
      if (error instanceof RangeError && policyTimeZone !== undefined) {
        throw new ConfigError(`policyTimeZone: there is no time zone "${policyTimeZone}".`, { cause: error });
      }
      if (error instanceof PolicyError) throw new ConfigError(error.message, { cause: error });
      throw error;
    }
  };
}
