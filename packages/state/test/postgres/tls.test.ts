import { tls } from "../suites/tls.ts";
import { startPostgres } from "../support/postgres.ts";

tls("PostgreSQL", startPostgres);
