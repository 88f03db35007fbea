import type { CorpusStatement } from "../../statement.ts";
import { AGGREGATES } from "./aggregates.ts";
import { ANALYSES } from "./analyses.ts";
import { CTES } from "./ctes.ts";
import { EXPRESSIONS } from "./expressions.ts";
import { JOINS } from "./joins.ts";
import { SUBQUERIES } from "./subqueries.ts";
import { WINDOWS } from "./windows.ts";

/** What both databases must answer alike. */
export const COMMON: readonly CorpusStatement[] = [
  ...AGGREGATES,
  ...WINDOWS,
  ...JOINS,
  ...SUBQUERIES,
  ...CTES,
  ...ANALYSES,
  ...EXPRESSIONS,
];
