import { outage } from "../suites/outage.ts";
import { startPostgres } from "../support/postgres.ts";

outage("PostgreSQL", startPostgres);
