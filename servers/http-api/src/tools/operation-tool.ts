import { defineTool, type ToolDefinition } from "@hardened-mcp/server";
import type { ApiContext, NamedOperation, OpenedApi } from "../context.ts";
import { answerSchema, asWritten } from "./answer.ts";
import { inputOf } from "./arguments.ts";
import { askApi } from "./ask-api.ts";
import { marksOf } from "./audit-marks.ts";

/** An operation as a tool: the document says what it takes, the configuration what may be done with it. */
export function operationTool(context: ApiContext, api: OpenedApi, named: NamedOperation): ToolDefinition {
  const { operation } = named;
  const ask = askApi(context, api, named);
  return defineTool({
    name: operation.tool,
    ...(operation.title === undefined ? {} : { title: operation.title }),
    description: operation.description,
    effect: operation.effect,
    scope: operation.scope,
    input: inputOf(named),
    output: answerSchema,
    audit: marksOf(operation, context.auditArguments),
    pinned: JSON.stringify([api.name, api.baseUrl, operation.pinned]),
    run: async (args, call) => asWritten(await ask(args, call)),
  });
}
