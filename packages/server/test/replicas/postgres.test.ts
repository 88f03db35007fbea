import { startPostgres } from "../../../state/test/support/postgres.ts";
import { replicas } from "./support/suite.ts";

replicas("PostgreSQL", () => startPostgres());
