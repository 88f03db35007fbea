import type { AuditMarks } from "@hardened-mcp/server";
import type { HttpApiConfig } from "../config/schema.ts";
import type { ApiOperation } from "../model/operation.ts";

/**
 * What audit records show of arguments: of those that say which thing is meant, a keyed digest or the value. Headers and the body go into the
 * digest of the whole alone; what is written to an API is often personal, and always large. A body that is a file is named by its path.
 */
export function marksOf({ parameters, body }: ApiOperation, rule: HttpApiConfig["auditArguments"]): AuditMarks {
  const shown = parameters.filter((parameter) => parameter.in !== "header").map(({ argument }) => argument);
  if (body?.form === "file") shown.push(body.argument);
  return Object.fromEntries(shown.map((argument) => [argument, rule]));
}
