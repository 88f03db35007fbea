import { createHash } from "node:crypto";
import { SqlError } from "../../errors.ts";
import { effectiveRules } from "../../rules/effective.ts";
import type { EffectiveRules, SourceRules } from "../../rules/rules.ts";
import { isRestricted } from "../rules/restricted.ts";

/** Which roles and schemas the rules need in the database. */
export interface RolePlan {
  /** One for each distinct set of rules that a combination of a caller's roles gives. */
  readonly variants: readonly PlannedVariant[];
  /** By the key of the effective rules. */
  readonly byKey: ReadonlyMap<string, PlannedVariant>;
}

export interface PlannedVariant {
  readonly rules: EffectiveRules;
  /**
   * Role that may read what these rules allow, and schema of the views that stand before restricted tables. Absent where one set of
   * rules holds for everyone and hides nothing: then the role of the connection itself may read the tables.
   */
  readonly name: string | undefined;
  /** Roles of callers for whom it holds, one example. */
  readonly roles: readonly string[];
}

/** Owner of the views, who alone reads the tables behind them; and schema of the key of `hash` masks. */
export const VIEW_OWNER = "hardened_mcp_owner";
export const KEY_SCHEMA = "hardened_mcp_key";

const MAX_ROLES = 8;
const MAX_VARIANTS = 32;
/** Changes with the meaning of the SQL that is made for a variant. */
const SETUP_VERSION = 2;

/** @throws {SqlError} `invalid_option` where the rules need too many variants */
export function planRoles(rules: SourceRules, schemas: readonly string[]): RolePlan {
  const mentioned = [...new Set(Object.values(rules.tables ?? {}).flatMap(rolesOf))].sort();
  if (mentioned.length > MAX_ROLES)
    throw new SqlError("invalid_option", { hint: `rules: at most ${MAX_ROLES} different roles` });
  const byKey = new Map<string, { rules: EffectiveRules; roles: readonly string[] }>();
  for (let bits = 0; bits < 2 ** mentioned.length; bits++) {
    const roles = mentioned.filter((_, index) => (bits & (1 << index)) !== 0);
    const effective = effectiveRules(rules, roles);
    if (!byKey.has(effective.key)) byKey.set(effective.key, { rules: effective, roles });
  }
  if (byKey.size > MAX_VARIANTS)
    throw new SqlError("invalid_option", { hint: `rules: at most ${MAX_VARIANTS} different combinations` });
  const isPlain =
    byKey.size === 1 && [...byKey.values()].every((one) => ![...(one.rules.tables?.values() ?? [])].some(isRestricted));
  const variants = [...byKey.values()].map((one) => ({
    ...one,
    name: isPlain ? undefined : nameOf(one.rules, schemas),
  }));
  return { variants, byKey: new Map(variants.map((one) => [one.rules.key, one])) };
}

/** The same rules have the same name on every start, and other rules another: views of old rules are never taken for those of new. */
function nameOf({ key }: EffectiveRules, schemas: readonly string[]): string {
  const digest = createHash("sha256")
    .update(JSON.stringify([SETUP_VERSION, schemas, key]))
    .digest("hex");
  return `hardened_mcp_${digest.slice(0, 20)}`;
}

type Table = NonNullable<SourceRules["tables"]>[string];

function rolesOf({ roles = [], deny = [], mask = {}, filter }: Table): readonly string[] {
  const rules = [...deny, ...Object.values(mask), ...(filter === undefined ? [] : [filter])];
  return [...roles, ...rules.flatMap((rule) => (typeof rule === "string" ? [] : (rule.exceptRoles ?? [])))];
}
