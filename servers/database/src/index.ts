export { configJsonSchema } from "./config/json-schema.ts";
export { configSchema, type DatabaseConfig } from "./config/schema.ts";
export type { NamedSource } from "./context.ts";
export { createDatabaseServer } from "./create.ts";
export { type CheckedQuery, checkQueries } from "./sources/check-queries.ts";
export { type OpenedSources, openSources } from "./sources/open-sources.ts";
