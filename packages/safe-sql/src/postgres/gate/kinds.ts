/**
 * What a statement may be made of. A kind of node or a field that is not in here is refused: a new version of the parser does not open
 * a door. What a name stands for (a table, a function, a type) is decided in `judge.ts`.
 *
 * Not in the list, each for its own reason: `IntoClause` (makes a table), `LockingClause` (writes row locks), `CurrentOfExpr`, every
 * statement but SELECT and VALUES, `ParamRef` of another session ...
 */
export const KINDS: ReadonlySet<string> = words([
  "SelectStmt WithClause CommonTableExpr CTESearchClause CTECycleClause ResTarget List SortBy WindowDef",
  "GroupingSet GroupingFunc RangeVar RangeSubselect RangeFunction RangeTableSample RangeTableFunc",
  "RangeTableFuncCol JoinExpr Alias ColumnDef ColumnRef A_Star ParamRef A_Const String Integer Float A_Expr",
  "BoolExpr NullTest BooleanTest TypeCast TypeName CollateClause FuncCall NamedArgExpr SubLink CaseExpr CaseWhen",
  "CoalesceExpr MinMaxExpr RowExpr A_ArrayExpr A_Indirection A_Indices SQLValueFunction XmlExpr XmlSerialize",
  "JsonTable JsonTableColumn JsonTablePathSpec JsonBehavior JsonFormat JsonOutput JsonReturning JsonValueExpr",
  "JsonFuncExpr JsonArgument JsonKeyValue JsonObjectConstructor JsonArrayConstructor JsonArrayQueryConstructor",
  "JsonAggConstructor JsonObjectAgg JsonArrayAgg JsonParseExpr JsonScalarExpr JsonSerializeExpr JsonIsPredicate",
]);

/** Statements that change rows, for `execute` alone. */
export const CHANGE_KINDS: ReadonlySet<string> = words([
  "InsertStmt UpdateStmt DeleteStmt OnConflictClause InferClause IndexElem SetToDefault MultiAssignRef",
  "ReturningClause ReturningOption",
]);

/** Fields that hold nodes. Their kinds are judged in their turn, or known by the field where the parser leaves the kind out. */
export const FIELDS: ReadonlySet<string> = words([
  // A query.
  "distinctClause targetList fromClause whereClause groupClause havingClause windowClause valuesLists sortClause",
  "limitOffset limitCount withClause larg rarg ctes ctequery aliascolnames search_clause cycle_clause",
  "search_col_list cycle_col_list cycle_mark_value cycle_mark_default val indirection items",
  // What stands in FROM.
  "alias subquery functions coldeflist relation method args repeatable usingClause quals join_using_alias",
  "colnames docexpr rowexpr namespaces columns colexpr coldefexpr",
  // Expressions.
  "lexpr rexpr name arg typeName collClause collname funcname agg_order agg_filter over fields partitionClause",
  "orderClause startOffset endOffset testexpr operName subselect defresult expr result elements lidx uidx node",
  "useOp content named_args arg_names row names typmods arrayBounds ival fval sval bsval boolval",
  // JSON.
  "query context_item pathspec passing on_empty on_error string format raw_expr formatted_expr returning output exprs",
  "constructor key value plan",
]);

/** Fields that hold words, numbers and flags of the parser. */
export const SCALARS: ReadonlySet<string> = words([
  "location stmt_location limitOption op all groupDistinct recursive ctename ctematerialized name sortby_dir",
  "sortby_nulls refname frameOptions kind schemaname relname inh relpersistence aliasname lateral ordinality",
  "is_rowsfrom jointype isNatural rtindex colname is_local is_not_null number ival fval sval bsval boolval isnull",
  "boolop nulltesttype booltesttype setof pct_type typemod agg_within_group agg_star agg_distinct func_variadic",
  "funcformat subLinkType subLinkId row_format multidims is_slice typmod xmloption indent for_ordinality btype",
  "coerce format_type encoding coltype wrapper quotes name_location absent_on_null unique unique_keys item_type",
  "column_name search_breadth_first search_seq_column cycle_mark_column cycle_path_column argnumber list_start",
  "list_end rexpr_list_start rexpr_list_end isNatural argisrow type catalogname",
]);

/** Fields of statements that change rows. */
export const CHANGE_FIELDS: ReadonlySet<string> = words([
  "cols selectStmt onConflictClause returningClause infer indexElems source override action conname ordering",
  "nulls_ordering ncolumns colno collation opclass options option",
]);

/** `current_user` and its like tell the name of the role, `current_catalog` that of the database. */
export const VALUE_FUNCTIONS: ReadonlySet<string> = words([
  "SVFOP_CURRENT_DATE SVFOP_CURRENT_TIME SVFOP_CURRENT_TIME_N SVFOP_CURRENT_TIMESTAMP SVFOP_CURRENT_TIMESTAMP_N",
  "SVFOP_LOCALTIME SVFOP_LOCALTIME_N SVFOP_LOCALTIMESTAMP SVFOP_LOCALTIMESTAMP_N",
]);

function words(lines: readonly string[]): ReadonlySet<string> {
  return new Set(lines.flatMap((line) => line.split(" ")));
}
