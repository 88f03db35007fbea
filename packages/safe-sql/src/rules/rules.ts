/**
 * How a masked value looks. `hash`: a keyed digest of 32 hexadecimal digits, equal for equal values, so that it can be grouped and
 * joined by.
 */
export type MaskKind = "null" | "hash" | "partial";

/** A column shown in another form than it is stored in. */
export interface MaskRule {
  readonly as: MaskKind;
  /** Characters left clear by `partial`, at the start and at the end. Default 0 and 0; a text not longer than both together is all masked. */
  readonly keepFirst?: number;
  readonly keepLast?: number;
  /** Callers with one of these roles see the value itself. */
  readonly exceptRoles?: readonly string[];
}

/** A column that is as good as not there. */
export interface DenyRule {
  readonly column: string;
  readonly exceptRoles?: readonly string[];
}

/** Rows outside are as good as not there. */
export interface FilterRule {
  /**
   * A condition over the table's own columns, in the database's SQL. The caller is known in it as `identity('subject')`,
   * `identity('tenant')` and `identity('issuer')`, null where unknown.
   */
  readonly where: string;
  readonly exceptRoles?: readonly string[];
}

/** What may be read of one table or view. */
export interface TableRules {
  /** Callers without one of these roles do not see the table. Default: everyone. */
  readonly roles?: readonly string[];
  /** Columns that may be read. Default: all. */
  readonly columns?: readonly string[];
  readonly deny?: readonly (string | DenyRule)[];
  readonly mask?: Readonly<Record<string, MaskKind | MaskRule>>;
  readonly filter?: string | FilterRule;
  /** Changes that `execute` may make, where writing is switched on. Default: none. */
  readonly write?: readonly ("insert" | "update" | "delete")[];
}

/** The rules of one source. A name that does not exist in the database is an error at start, with the nearest that does. */
export interface SourceRules {
  /**
   * Tables and views by name (`table`, or `schema.table` in PostgreSQL). Where given, nothing else can be read. Default: every
   * ordinary table and view of the database, with all their columns.
   */
  readonly tables?: Readonly<Record<string, TableRules>>;
  /** Functions allowed besides the built-in list, by name. */
  readonly functions?: readonly string[];
}

/** What holds for one caller: the rules with every role decided. */
export interface EffectiveTable {
  /** `undefined`: all. */
  readonly columns: readonly string[] | undefined;
  readonly denied: readonly string[];
  readonly masks: Readonly<Record<string, Required<Omit<MaskRule, "exceptRoles">>>>;
  readonly filter: string | undefined;
  readonly write: readonly ("insert" | "update" | "delete")[];
}

/** See {@link effectiveRules}. */
export interface EffectiveRules {
  /** `undefined`: every ordinary table and view. */
  readonly tables: ReadonlyMap<string, EffectiveTable> | undefined;
  readonly functions: readonly string[];
  /** Equal for callers for whom the same holds, so that what was prepared for one serves the other. */
  readonly key: string;
}
