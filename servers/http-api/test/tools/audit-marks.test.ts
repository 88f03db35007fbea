import { expect, it } from "vitest";
import type { ApiBody, ApiOperation, ApiParameter } from "../../src/model/operation.ts";
import { marksOf } from "../../src/tools/audit-marks.ts";

const parameter = (argument: string, where: ApiParameter["in"]) => ({ argument, in: where }) as ApiParameter;
const operation = (form: ApiBody["form"]) =>
  ({
    parameters: [parameter("id", "path"), parameter("q", "query"), parameter("version", "header")],
    body: { argument: "body", form },
  }) as unknown as ApiOperation;

it.each(["hash", "plain"] as const)("records %s say which thing was meant, and which file was sent", (rule) => {
  expect(marksOf(operation("file"), rule)).toEqual({ id: rule, q: rule, body: rule });
});

it.each(["json", "urlencoded", "multipart", "text"] as const)("records show nothing of a body that is %s", (form) => {
  expect(marksOf(operation(form), "plain")).toEqual({ id: "plain", q: "plain" });
});
