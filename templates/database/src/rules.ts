import type { SourceRules } from "@hardened-mcp/safe-sql";

/**
 * What may be read and changed. The database itself holds every statement to it: a table that is not named here is not there, and a
 * masked column is masked in every expression. Each name is checked against the database at start.
 */
export const rules: SourceRules = {
  tables: {
    // A table that may be written can have no mask, denial or filter.
    orders: { write: ["insert"] },
    // Equal for equal values, so that it can be counted and grouped by.
    customers: { mask: { email: { as: "hash", exceptRoles: ["support"] } } },
  },
};
