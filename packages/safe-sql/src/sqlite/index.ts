export type { SqliteOptions } from "./options.ts";
