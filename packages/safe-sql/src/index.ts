export type { Blob, Cell, ColumnType, ResultColumn, SqlParam } from "./cells.ts";
export { readCellRows } from "./cells-guard.ts";
export { SQL_ERROR_MEANINGS, SqlError, type SqlErrorCode } from "./errors.ts";
export { type PublicSqlError, publicErrorOf, SQL_PUBLIC_CODES, type SqlPublicCode } from "./public-error.ts";
export { effectiveRules } from "./rules/effective.ts";
export type {
  DenyRule,
  EffectiveRules,
  EffectiveTable,
  FilterRule,
  MaskKind,
  MaskRule,
  SourceRules,
  TableRules,
} from "./rules/rules.ts";
export {
  type Caller,
  type ChangeForecast,
  type ChangeRequest,
  type ChangeResult,
  DEFAULT_SOURCE_LIMITS,
  type Explanation,
  type QueryRequest,
  type ResultPage,
  type SourceLimits,
  type SqlSource,
  type Statement,
  type TableColumn,
  type TableDescription,
  type TableSummary,
} from "./source.ts";
export { isPlainRows, type WrittenRows, writtenRows } from "./written-rows.ts";
