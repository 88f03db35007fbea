import type { ToolDefinition } from "@hardened-mcp/server";
import type { ApiContext, OpenedApi } from "../context.ts";
import { operationTool } from "./operation-tool.ts";

/** Every tool of every API, in the order of the configuration and its documents. */
export function operationTools(context: ApiContext, apis: readonly OpenedApi[]): readonly ToolDefinition[] {
  return apis.flatMap((api) => api.operations.map((named) => operationTool(context, api, named)));
}
