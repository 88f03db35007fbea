import type { CorpusStatement } from "../../statement.ts";
import { COLUMN_READS } from "../columns.ts";
import { expand } from "../expand.ts";
import { ADVISORIES } from "./advisories.ts";
import { BOMBS } from "./bombs.ts";
import { CATALOGS } from "./catalogs.ts";
import { POSTGRES_COLUMN_READS } from "./columns.ts";
import { FILES } from "./files.ts";
import { ROWS } from "./rows.ts";
import { SESSION } from "./session.ts";
import { SEVERAL } from "./several.ts";
import { TABLES } from "./tables.ts";
import { WRITES } from "./writes.ts";

const DENIED = [{ table: "customers", column: "ssn", guess: "CNRY" }];
const OTHERS = [
  { table: "customers", column: "email", guess: "u1" },
  { table: "employees", column: "password_hash", guess: "CNRY" },
  { table: "payments", column: "iban", guess: "DE" },
  { table: "employees", column: "salary", guess: "77" },
  { table: "payments", column: "card_number", guess: "CNRY" },
  { table: "secrets", column: "value", guess: "CNRY" },
];
const READS = { ...COLUMN_READS, ...POSTGRES_COLUMN_READS };

/** What a PostgreSQL source must refuse, or answer without telling, changing or breaking anything. `{dir}` is a folder of the server. */
export const POSTGRES_HOSTILE: readonly CorpusStatement[] = [
  ...WRITES,
  ...SESSION,
  ...FILES,
  ...SEVERAL,
  ...CATALOGS,
  ...TABLES,
  ...ROWS,
  ...BOMBS,
  ...ADVISORIES,
  ...expand("columns", READS, DENIED),
  ...expand("columns", READS, OTHERS, 4),
];
