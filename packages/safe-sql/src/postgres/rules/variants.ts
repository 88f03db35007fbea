import { effectiveRules } from "../../rules/effective.ts";
import type { SourceRules } from "../../rules/rules.ts";
import type { Catalog } from "../catalog/catalog.ts";
import { loadCatalog } from "../catalog/load.ts";
import type { Pool } from "../connect/pool.ts";
import { createVariant, type Variant } from "./variant.ts";

/** The variants of the rules over the catalogue as it was last read. */
export interface Variants {
  load(): Promise<Catalog>;
  of(roles: readonly string[]): Promise<Variant>;
  /** Reads the catalogue again, at most once a second. @returns whether it did */
  refresh(): Promise<boolean>;
}

const MAX_AGE_MS = 30_000;
const MIN_AGE_MS = 1000;

export function createVariants(
  pool: Pool,
  rules: SourceRules,
  schemas: readonly string[],
  timeoutMs: number,
): Variants {
  let catalog: Catalog | undefined;
  let loadedAt = Number.NEGATIVE_INFINITY;
  let loading: Promise<Catalog> | undefined;
  let made = new Map<string, Variant>();

  function load(): Promise<Catalog> {
    loading ??= pool
      .use((connection) => loadCatalog(connection, schemas, timeoutMs))
      .then((found) => {
        // Where nothing changed, what was decided under it stays.
        if (JSON.stringify(plain(found)) !== JSON.stringify(catalog && plain(catalog)))
          [catalog, made] = [found, new Map()];
        loadedAt = performance.now();
        return found;
      })
      .finally(() => {
        loading = undefined;
      });
    return loading;
  }

  return {
    load,
    async of(roles) {
      const effective = effectiveRules(rules, roles);
      if (catalog === undefined || performance.now() - loadedAt > MAX_AGE_MS) await load();
      let variant = made.get(effective.key);
      if (variant === undefined) {
        variant = createVariant(catalog as Catalog, schemas, effective, undefined);
        made.set(effective.key, variant);
      }
      return variant;
    },
    async refresh() {
      if (performance.now() - loadedAt < MIN_AGE_MS) return false;
      await load();
      return true;
    },
  };
}

function plain({ relations, types, overloads, rowFunctions, operators }: Catalog): unknown {
  return [[...relations], [...types], [...overloads], [...rowFunctions], [...operators]];
}
