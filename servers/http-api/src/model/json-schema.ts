/** JSON Schema 2020-12, as read from a document; nothing about it has been checked but that it is an object or a boolean. */
export type JsonSchema = boolean | { readonly [keyword: string]: unknown };

/** What JSON can hold. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** One thing wrong with a value. In our words: nothing of the value is in it but the names of declared keys. */
export interface SchemaIssue {
  /** Where, as keys and indexes. */
  readonly path: readonly (string | number)[];
  /** The keyword that failed, such as `type` or `maxLength`; `undeclared` for a key that nothing declares. */
  readonly rule: string;
  readonly message: string;
}

/**
 * What came of holding a value against a schema. `value` is a copy where anything was left out. An answer that does not fit has one too: what
 * is left of it after cutting, so that showing it with a note shows nothing undeclared.
 */
export type Checked =
  | { readonly ok: true; readonly value: Json }
  | { readonly ok: false; readonly issues: readonly SchemaIssue[]; readonly value?: Json };

/** Holds values against one schema. Compiled when it is first asked. */
export type Check = (value: Json) => Checked;

/** The schemas of one API. */
export interface SchemaSet {
  /**
   * A schema as a model sees it: stands alone (no `$ref`), closed at every depth, cleaned of hidden characters, and capped in size and depth.
   */
  listed(schema: JsonSchema): { readonly [keyword: string]: unknown };
  /** For what a caller sends: strict, unknown keys refused at every depth, also below `allOf`, `anyOf`, `oneOf`. */
  inputCheck(schema: JsonSchema): Check;
  /**
   * For what an upstream answers. `undeclared: "drop"` cuts keys that a schema with declared properties does not declare and does not allow
   * explicitly; a free-form object stays whole. `writeOnly` properties are cut.
   */
  outputCheck(schema: JsonSchema, options: { readonly undeclared: "drop" | "keep" }): Check;
  /**
   * Whether what `outputCheck` leaves with `drop` can have something at a path (`items.*.email`).
   *
   * @param options.throughLists whether lists that the path does not name are stepped through
   */
  mayHold(schema: JsonSchema, path: string, options: { readonly throughLists: boolean }): boolean;
}
