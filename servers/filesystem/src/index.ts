export { configJsonSchema } from "./config/json-schema.ts";
export { configSchema, type FilesystemConfig } from "./config/schema.ts";
export { createFilesystemServer } from "./create.ts";
export { openRoots } from "./roots/open-roots.ts";
