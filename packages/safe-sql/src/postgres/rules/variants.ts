import { SqlError } from "../../errors.ts";
import { effectiveRules } from "../../rules/effective.ts";
import type { SourceRules } from "../../rules/rules.ts";
import type { Catalog } from "../catalog/catalog.ts";
import { loadCatalog } from "../catalog/load.ts";
import type { Connection } from "../connect/connection.ts";
import { planRoles, type RolePlan } from "../role/plan.ts";
import { createVariant, type Variant } from "./variant.ts";

/** The variants of the rules, over the catalogue as it was last read. */
export interface Variants {
  readonly plan: RolePlan;
  /** Reads the catalogue on a connection. */
  load(connection: Connection): Promise<Catalog>;
  /** What holds for a caller with these roles. */
  of(roles: readonly string[]): Variant;
  /** Milliseconds since the catalogue was read. */
  age(): number;
}

export function createVariants(rules: SourceRules, schemas: readonly string[], timeoutMs: number): Variants {
  const plan = planRoles(rules, schemas);
  const names = plan.variants.flatMap(({ name }) => (name === undefined ? [] : [name]));
  let catalog: Catalog | undefined;
  let known = "";
  let loadedAt = Number.NEGATIVE_INFINITY;
  let made = new Map<string, Variant>();
  return {
    plan,
    async load(connection) {
      const found = await loadCatalog(connection, schemas, names, timeoutMs);
      const text = JSON.stringify(Object.values(found).map((part: Iterable<unknown>) => [...part]));
      // Where nothing has changed, what was decided stays decided.
      if (text !== known) [catalog, known, made] = [found, text, new Map()];
      loadedAt = performance.now();
      return found;
    },
    of(roles) {
      const { key } = effectiveRules(rules, roles);
      const planned = plan.byKey.get(key);
      // No connection was ever made, or roles that the plan does not know: nothing is allowed.
      if (catalog === undefined) throw new SqlError("unavailable");
      if (planned === undefined) throw new SqlError("denied");
      let variant = made.get(key);
      if (variant === undefined) {
        variant = createVariant(catalog, schemas, planned.rules, planned.name);
        made.set(key, variant);
      }
      return variant;
    },
    age: () => performance.now() - loadedAt,
  };
}
