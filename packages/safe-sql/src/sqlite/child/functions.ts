/**
 * Functions that any statement may call: they compute from their arguments, and neither read tables, files or settings nor change
 * anything. Left out on purpose: `load_extension`, `fts3_tokenizer` and `fts5` (pointers), `rtreenode` and `rtreecheck` (raw nodes),
 * `sqlite_*` (builds and logs), `optimize`, and what tells of the connection (`changes`, `last_insert_rowid`).
 */
const GROUPS: Readonly<Record<string, string>> = {
  aggregate:
    "avg count group_concat max median min percentile percentile_cont percentile_disc string_agg sum total json_group_array json_group_object jsonb_group_array jsonb_group_object",
  window: "cume_dist dense_rank first_value lag last_value lead nth_value ntile percent_rank rank row_number",
  math: "abs acos acosh asin asinh atan atan2 atanh ceil ceiling cos cosh degrees exp floor ln log log10 log2 mod pi pow power radians random randomblob round sign sin sinh sqrt tan tanh trunc",
  text: "char concat concat_ws format glob hex instr length like lower ltrim octet_length printf quote replace rtrim soundex substr substring trim unhex unicode unistr unistr_quote upper zeroblob",
  choice: "coalesce if ifnull iif likelihood likely nullif typeof unlikely subtype",
  date: "current_date current_time current_timestamp date datetime julianday strftime time timediff unixepoch",
  json: "-> ->> json json_array json_array_insert json_array_length json_error_position json_extract json_insert json_object json_patch json_pretty json_quote json_remove json_replace json_set json_type json_valid jsonb jsonb_array jsonb_array_insert jsonb_extract jsonb_insert jsonb_object jsonb_patch jsonb_remove jsonb_replace jsonb_set",
  search: "bm25 highlight match matchinfo offsets snippet",
  geometry:
    "geopoly_area geopoly_bbox geopoly_blob geopoly_ccw geopoly_contains_point geopoly_group_bbox geopoly_json geopoly_overlap geopoly_regular geopoly_svg geopoly_within geopoly_xform",
  version: "sqlite_version",
};

export const ALLOWED_FUNCTIONS: ReadonlySet<string> = new Set(
  Object.values(GROUPS).flatMap((names) => names.split(" ")),
);

/** Never allowed, not even by a rule. */
export const NEVER_FUNCTIONS: ReadonlySet<string> = new Set([
  "load_extension",
  "fts3_tokenizer",
  "fts5",
  "rtreecheck",
  "rtreenode",
  "sqlite_log",
]);

/** Table-valued functions that only unfold their argument. */
export const ALLOWED_TABLE_FUNCTIONS: ReadonlySet<string> = new Set(["json_each", "json_tree"]);
