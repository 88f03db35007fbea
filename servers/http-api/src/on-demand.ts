import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

/**
 * Packages that no start needs, loaded when they are first used; by `require`, since the checks and the readers that use them do not wait.
 * Loading them took 45 of the 270 ms of CPU that a start spent on loading code (measured, with Node's compile cache).
 */
export const onDemand = {
  ajv: () => require("ajv/dist/2020.js") as typeof import("ajv/dist/2020.js"),
  ajvFormats: () => require("ajv-formats") as typeof import("ajv-formats"),
  htmlparser2: () => require("htmlparser2") as typeof import("htmlparser2"),
  yaml: () => require("js-yaml") as typeof import("js-yaml"),
} as const;

/** The name of a status, such as `Not Found`. Imported by name, `node:http` evaluates all that it exports, WebSocket included: 26 ms. */
export function statusName(status: number): string | undefined {
  return process.getBuiltinModule("node:http").STATUS_CODES[status];
}
