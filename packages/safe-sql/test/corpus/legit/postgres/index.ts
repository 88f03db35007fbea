import type { CorpusStatement } from "../../statement.ts";
import { COMMON } from "../common/index.ts";
import { ANALYTICS } from "./analytics.ts";
import { DATES } from "./dates.ts";
import { JSON_QUERIES } from "./json.ts";
import { SEARCH } from "./search.ts";

/** What a PostgreSQL source must answer, each with the rows of the plain engine. */
export const POSTGRES_LEGIT: readonly CorpusStatement[] = [
  ...COMMON,
  ...DATES,
  ...JSON_QUERIES,
  ...SEARCH,
  ...ANALYTICS,
];
