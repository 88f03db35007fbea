export { describeApis } from "./apis/describe-apis.ts";
export { type OpenedApis, openApis } from "./apis/open-apis.ts";
export { configJsonSchema } from "./config/json-schema.ts";
export { configSchema, type HttpApiConfig } from "./config/schema.ts";
export type { DescribedApi, OpenedApi } from "./context.ts";
export { createHttpApiServer } from "./create.ts";
export { openPages, type Pages } from "./fetch-url/pages.ts";
