import type { CorpusStatement } from "../../statement.ts";
import { COMMON } from "../common/index.ts";
import { DATES } from "./dates.ts";
import { FUNCTIONS } from "./functions.ts";
import { JSON_QUERIES } from "./json.ts";
import { SEARCH } from "./search.ts";

/** What a SQLite source must answer, each with the rows of the plain engine. */
export const SQLITE_LEGIT: readonly CorpusStatement[] = [...COMMON, ...DATES, ...JSON_QUERIES, ...SEARCH, ...FUNCTIONS];
