import type { ArgsRules } from "@hardened-mcp/audit";
import type { AuditMarks } from "../define/audit-marks.ts";

/** Frozen in depth: what a tool lets the record show cannot be changed while it runs, and is looked through once. */
export function argsRules(names: readonly string[], marks: AuditMarks = {}): ArgsRules {
  return Object.freeze({
    names: Object.freeze([...names]),
    fields: Object.freeze({ ...marks }) as ArgsRules["fields"],
  });
}

/** For the hash of a definition: a field that becomes `plain` is a change that must show. None: nothing, as ever. */
export function hashedMarks(marks: AuditMarks): readonly (readonly (readonly [string, string])[])[] {
  const entries = Object.entries(marks).map(([field, rule]) => [field, String(rule)] as const);
  return entries.length === 0 ? [] : [entries.sort(([a], [b]) => (a < b ? -1 : 1))];
}
