import type { Principal } from "@hardened-mcp/auth/principal";
import type { Effect } from "../../effect.ts";
import type { ManifestOperation } from "../../manifest/manifest.ts";
import { refuseUnknownKeys } from "../../text/known-keys.ts";
import { type CedarPolicy, createCedarPolicy } from "../decide/cedar-policy.ts";
import type { RuleFacts } from "../decide/rule-set.ts";
import type { LoadedPolicies } from "../load/load-policies.ts";
import { referencesOf } from "../load/references.ts";

/** What a caller gets of an operation, whatever the arguments. */
export type Outcome =
  | "allow"
  /** A human is asked. */
  | "approve"
  /** Arguments or the time decide. */
  | "depends"
  /** In sight, but refused: a scope is missing that the client could come back with. */
  | "deny"
  /** As if it were not there. */
  | "not-listed";

export interface MatrixCell {
  readonly outcome: Outcome;
  /** What it depends on, such as `args.path` and `time`. */
  readonly on: readonly string[];
  /** Whether a human is asked where it depends and the answer is yes. */
  readonly approval: "always" | "never" | "sometimes" | undefined;
}

export interface MatrixRow {
  readonly server: string;
  readonly method: ManifestOperation["method"];
  readonly name: string;
  readonly effect: Effect;
  readonly scope: string;
  /** One for each column. */
  readonly cells: readonly MatrixCell[];
}

export interface Matrix {
  /** Names of callers, or `role NAME`. */
  readonly columns: readonly string[];
  readonly rows: readonly MatrixRow[];
}

type MatrixTarget = Omit<ManifestOperation, "inputSchema" | "milder">;

/** Options of {@link policyMatrix}. */
export interface MatrixOptions {
  readonly policies: LoadedPolicies;
  /** Callers by column. Default: those of `principals.json`, else one for each role that policies name. */
  readonly callers?: ReadonlyMap<string, Principal>;
  /** Servers to show. Default: all that there is a manifest of. */
  readonly servers?: readonly string[];
  readonly stepUp?: Iterable<string>;
}

const OPTION_KEYS: Readonly<Record<keyof MatrixOptions, true>> = {
  policies: true,
  callers: true,
  servers: true,
  stepUp: true,
};

/**
 * Every caller by every operation, for a reviewer; by the very code that decides.
 *
 * @throws {TypeError} an unknown option, or a server without a manifest
 */
export function policyMatrix(options: MatrixOptions): Matrix {
  refuseUnknownKeys("policyMatrix", options, OPTION_KEYS);
  const { policies, callers, servers, stepUp } = options;
  const columns = callers ?? policies.principals ?? roleCallers(policies);
  const scopes = [...(stepUp ?? [])];
  const rows = (servers ?? [...policies.vocabulary.servers.keys()]).flatMap((server) => {
    const policy = createCedarPolicy({ policies, server, stepUp: scopes });
    const operations = policies.vocabulary.servers.get(server)?.manifest.operations ?? [];
    return operations.flatMap(withEachEffect).map((target): MatrixRow => {
      const { method, name, effect, scope } = target;
      const cells = [...columns.values()].map((caller) => cellOf(policy, caller, target));
      return { server, method, name, effect, scope, cells };
    });
  });
  return { columns: [...columns.keys()], rows };
}

/** One row for each effect that a call may turn out to have. */
function withEachEffect({ inputSchema, milder = [], ...target }: ManifestOperation): readonly MatrixTarget[] {
  return [target, ...milder.map((one) => ({ ...target, ...one }))];
}

/** A caller for each role that a policy names, with every scope and nothing else: what the role alone is good for. */
export function roleCallers({ rules, vocabulary }: LoadedPolicies): ReadonlyMap<string, Principal> {
  const named = rules.flatMap(({ ast }) => referencesOf(ast)).filter(({ type }) => type === "Role");
  const manifests = [...vocabulary.servers.values()].map(({ manifest }) => manifest);
  const scopes = new Set(manifests.flatMap(({ operations }) => operations.map(({ scope }) => scope)));
  const base = { issuer: "https://example.invalid", scopes, assurance: "token" } as const;
  const roles = [...new Set(named.map(({ id }) => id))].sort();
  const callers = roles.map((role): [string, Principal] => [`role ${role}`, { ...base, subject: role, roles: [role] }]);
  return new Map([...callers, ["no role", { ...base, subject: "nobody", roles: [] }]]);
}

function cellOf(policy: CedarPolicy, caller: Principal, target: MatrixTarget): MatrixCell {
  const plain = (outcome: Outcome): MatrixCell => ({ outcome, on: [], approval: undefined });
  if (!policy.visible(caller, target)) return plain("not-listed");
  const standing = policy.standing(caller, target);
  if (standing?.kind === "open" && caller.scopes.has(target.scope)) {
    return {
      outcome: "depends",
      on: dependsOn(standing.open),
      approval: approvalOf(standing.open, target.needsApproval),
    };
  }
  return plain(policy.decide(caller, target, {}).effect);
}

function dependsOn(open: readonly RuleFacts[]): readonly string[] {
  const names = open
    .filter(({ usesContext }) => usesContext)
    .flatMap(({ args, usesTime }) => [
      ...(args === undefined ? ["args"] : [...args].map((name) => `args.${name}`)),
      ...(usesTime ? ["time"] : []),
    ]);
  return [...new Set(names)].sort();
}

function approvalOf(open: readonly RuleFacts[], needsApproval: boolean): "always" | "never" | "sometimes" {
  const permits = open.filter(({ rule }) => rule.effect === "permit").map(({ rule }) => rule.approval);
  const asks = permits.map((approval) => approval === "required" || (needsApproval && approval !== "none"));
  if (asks.every((one) => one)) return "always";
  return asks.some((one) => one) ? "sometimes" : "never";
}
