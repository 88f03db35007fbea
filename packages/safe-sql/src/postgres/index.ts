export type { PostgresOptions } from "./options.ts";
