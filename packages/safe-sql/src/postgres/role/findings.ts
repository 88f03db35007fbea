import { isRestricted } from "../rules/restricted.ts";
import type { RoleFacts } from "./facts.ts";
import { VIEW_OWNER } from "./plan.ts";
import { type RoleSqlInput, tablesOf } from "./sql.ts";

type Checked = Pick<RoleSqlInput, "role" | "schemas" | "catalog" | "plan" | "writable">;

/** What a role may that the rules do not say: sentences for the operator. What it lacks is in lacking.ts. */
export function findingsOf(facts: RoleFacts, input: Checked): string[] {
  const { role, plan } = input;
  const names = plan.variants.flatMap(({ name }) => (name === undefined ? [] : [name]));
  const attributes = facts.attributes.map(([who, what]) => `${who} is ${what}`);
  // A superuser may do everything: to say it once is enough.
  if (facts.attributes.some(([who, what]) => who === role && what === "SUPERUSER")) return attributes;
  const missing = [role, ...names, ...(names.length > 0 ? [VIEW_OWNER] : [])].filter(
    (name) => !facts.existing.has(name),
  );
  return [
    ...attributes,
    ...missing.map((name) => `there is no role ${name}, which the rules need`),
    ...facts.memberships
      .filter(([who, group]) => !(who === role && names.includes(group)))
      .map(([who, group]) => `${who} is a member of ${group}`),
    ...names
      .filter(
        (name) => facts.existing.has(name) && !facts.memberships.some(([who, group]) => who === role && group === name),
      )
      .map((name) => `${role} is not a member of ${name}`),
    ...facts.ownerships.map(([who, what]) => `${who} ${what}`),
    ...functions(facts, input),
    ...tableRights(facts, input),
    ...views(facts, input),
  ];
}

function functions(facts: RoleFacts, { plan }: Pick<RoleSqlInput, "plan">): string[] {
  const allowed = new Set(plan.variants.flatMap(({ rules }) => rules.functions.map((name) => name.split(".").at(-1))));
  return facts.functions
    .filter(([, , name]) => !allowed.has(name))
    .map(([who, signature, , why]) => `${who} may call ${signature}; ${why}`);
}

/** Tables that a role may do more with than it should, quoted: of those it is taken from everyone, too. */
export function excessTables(facts: RoleFacts, input: Checked): string[] {
  const expected = expectedRights(input);
  return facts.tables.flatMap(({ role, schema, name, quoted, kind, select, writes, isOfExtension }) => {
    const right = expected.get(`${role} ${schema}.${name}`);
    const isFine =
      (right !== undefined || !select || isOfExtension) && writes.every((write) => right?.writes.has(write));
    return isFine ? [] : [kind === "sequence" ? `SEQUENCE ${quoted}` : quoted];
  });
}

function tableRights(facts: RoleFacts, input: Checked): string[] {
  const expected = expectedRights(input);
  const found: string[] = [];
  for (const { role, schema, name, kind, select, writes, isOfExtension } of facts.tables) {
    const right = expected.get(`${role} ${schema}.${name}`);
    if (select && right === undefined && !isOfExtension)
      found.push(`${role} may read ${schema}.${name}, which it should not`);
    // A sequence is moved by an INSERT into its table.
    const over = writes.filter((write) => !(right?.writes.has(write) ?? (kind === "sequence" && input.writable)));
    if (over.length > 0) found.push(`${role} may ${over.join(", ")} ${schema}.${name}`);
  }
  const isPlain = input.plan.variants.every((variant) => variant.rules.tables === undefined);
  if (
    isPlain &&
    expected.size > 0 &&
    !facts.tables.some(({ select, schema }) => select && input.schemas.includes(schema))
  )
    found.push(`${input.role} may read no table`);
  return found;
}

/** By role and table: what it should be able to do. */
function expectedRights(input: Checked): Map<string, { writes: ReadonlySet<string> }> {
  return new Map(
    input.plan.variants.flatMap((variant) =>
      tablesOf(input, variant).map(({ relation, rules, write }) => {
        const schema = isRestricted(rules) && variant.name !== undefined ? variant.name : relation.schema;
        const writes = new Set(input.writable ? write.map((one) => one.toUpperCase()) : []);
        return [`${variant.name ?? input.role} ${schema}.${relation.name}`, { writes }];
      }),
    ),
  );
}

function views(facts: RoleFacts, input: Pick<RoleSqlInput, "schemas" | "catalog" | "plan">): string[] {
  const expected = new Set(
    input.plan.variants.flatMap((variant) =>
      variant.name === undefined
        ? []
        : tablesOf(input, variant)
            .filter(({ rules }) => isRestricted(rules))
            .map(({ relation }) => `${variant.name}.${relation.name}`),
    ),
  );
  return facts.views.flatMap(({ schema, name, owner, isBarrier, isSealed }) => {
    const full = `${schema}.${name}`;
    return [
      ...(expected.has(full) ? [] : [`${full} is not of the rules`]),
      ...(owner === VIEW_OWNER ? [] : [`${full} belongs to ${owner}`]),
      ...(isBarrier ? [] : [`${full} is no security_barrier`]),
      ...(isSealed ? [] : [`${full} is not what it was when it was made`]),
    ];
  });
}
