/** A table or view, as the catalogue of the database has it. */
export interface Relation {
  readonly oid: string;
  readonly schema: string;
  readonly name: string;
  readonly kind: "table" | "view";
  /** A materialised view holds rows of its own; it cannot be changed. */
  readonly isView: boolean;
  /** Rows, by the last ANALYZE. */
  readonly estimatedRows: number | undefined;
  readonly comment: string | undefined;
  readonly columns: readonly Column[];
  /** Object identifiers of what a query of it reads, too: tables behind a view, heirs and partitions of a table, and so on. */
  readonly readsFrom: readonly string[];
  readonly primaryKey: readonly string[];
  /** An unqualified name means another relation, of an earlier schema or of pg_catalog. */
  readonly isHidden: boolean;
  readonly hasRowSecurity: boolean;
  /** Other tables inherit from it, and a query of it gives their rows, too. */
  readonly hasHeirs: boolean;
}

export interface Column {
  readonly name: string;
  readonly typeId: number;
  readonly declared: string;
  readonly nullable: boolean;
  readonly default: string | undefined;
  readonly comment: string | undefined;
  /** The role itself may read it. */
  readonly readable: boolean;
}

/** What the database has in the schemas that are served. */
export interface Catalog {
  /** By `schema.name`. */
  readonly relations: ReadonlyMap<string, Relation>;
  /** Those of the schemas that there are. */
  readonly schemas: ReadonlySet<string>;
  /** Types of the user in these schemas, by name: enums, domains, ranges. Never rows of tables. */
  readonly types: ReadonlySet<string>;
  /**
   * Names of functions in these schemas. A call that looks like one of a built-in function may be one of these, with arguments that
   * fit better.
   */
  readonly overloads: ReadonlySet<string>;
  /** Names of functions in these schemas that take a row, which SQL can call as if they were columns (`t.f`). */
  readonly rowFunctions: ReadonlySet<string>;
  /** Operators in these schemas whose function is not known to be harmless. */
  readonly operators: ReadonlySet<string>;
}
