/** Names of this server's own tools; clients and policies know them. */
export const TOOL_NAMES: readonly string[] = [
  "list_sources",
  "list_tables",
  "describe_table",
  "query",
  "explain_query",
  "sample_rows",
  "search_schema",
  "execute",
];
