import { hash } from "node:crypto";
import { ConfigError } from "@hardened-mcp/server";
import type { ApiConfig } from "../config/api-schema.ts";
import type { HandwrittenConfig } from "../config/operation-schema.ts";
import { isInherited } from "../document/argument-names.ts";
import { filesOf } from "../document/body-files.ts";
import { checkedPagination } from "../document/operations.ts";
import { namesOf, pathProblem } from "../document/path-template.ts";
import { createReserved } from "../document/reserved-names.ts";
import type { JsonSchema, SchemaSet } from "../model/json-schema.ts";
import type { ApiBody, ApiOperation, ApiOperations, ApiParameter, BodyForm, LeftOut } from "../model/operation.ts";
import { createLocalSchemas, type LocalSchemas } from "./local-schemas.ts";

export interface HandwrittenOptions {
  readonly allowWrite: boolean;
  /** Whether files can be sent. */
  readonly hasUploads: boolean;
}

const CONTENT_TYPES: Readonly<Record<Exclude<BodyForm, "file">, string>> = {
  json: "application/json",
  urlencoded: "application/x-www-form-urlencoded",
  multipart: "multipart/form-data",
  text: "text/plain",
};
/** RFC 9110, section 5.6.2. */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}$/;

/**
 * The operations that a configuration writes by hand. Their tools are named as the configuration names them, without a prefix.
 *
 * @throws {ConfigError} one of them contradicts itself, or could never be called; the message names the key
 */
export function handwrittenOperations(
  api: string,
  config: Pick<ApiConfig, "tools" | "credential" | "headers">,
  options: HandwrittenOptions,
): ApiOperations & { readonly schemas: SchemaSet } {
  const schemas = createLocalSchemas();
  const reserved = createReserved({}, config);
  const operations: ApiOperation[] = [];
  const leftOut: LeftOut[] = [];
  for (const [tool, its] of Object.entries(config.tools)) {
    const key = `apis.${api}.tools.${tool}`;
    const effect = its.effect ?? effectOf(its.method);
    const made = operationOf(api, tool, key, its, schemas, reserved, options.hasUploads);
    if (effect === "read" || options.allowWrite)
      operations.push({ ...made, effect, scope: its.scope ?? scopeOf(effect) });
    else {
      leftOut.push({
        where: `${its.method} ${its.path}`,
        reason: "needs_allow_write",
        message: "It changes something. To have it, start with --allow-write.",
        what: "operation",
      });
    }
  }
  const templates = Object.values(config.tools).map(({ method, path }) => ({ method, path }));
  return { operations, leftOut, templates, schemas };
}

function effectOf(method: HandwrittenConfig["method"]): ApiOperation["effect"] {
  if (method === "DELETE") return "destroy";
  return method === "GET" || method === "HEAD" ? "read" : "write";
}

function scopeOf(effect: ApiOperation["effect"]): string {
  return effect === "read" ? "http:read" : "http:write";
}

function operationOf(
  api: string,
  tool: string,
  key: string,
  its: HandwrittenConfig,
  schemas: LocalSchemas,
  reserved: ReturnType<typeof createReserved>,
  hasUploads: boolean,
): Omit<ApiOperation, "effect" | "scope"> {
  const problem = pathProblem(its.path);
  if (problem !== undefined)
    throw new ConfigError(`${key}.path: ${problem} Write it as it is to be sent, such as /users/{id}.`);
  const parameters = Object.entries(its.params).map(([argument, one]) =>
    parameterOf(key, argument, one, its, schemas, reserved),
  );
  const names = parameters.filter((one) => one.in === "path").map(({ name }) => name);
  for (const name of namesOf(its.path)) {
    if (!names.includes(name))
      throw new ConfigError(`${key}.path has {${name}}, and no entry of params with in: path and that name. Add it.`);
  }
  const body = bodyOf(key, its, schemas, hasUploads);
  const argumentNames = [...Object.keys(its.params), ...(body === undefined ? [] : [body.argument])];
  if (its.response !== undefined) schemas.check(its.response, `${key}.response`);
  return {
    api,
    id: tool,
    tool,
    title: its.title,
    description: its.description,
    method: its.method,
    path: its.path,
    tags: [],
    parameters,
    slashes: its.slashes ?? "refuse",
    body,
    responses: its.response === undefined ? [] : [{ status: "2XX", content: { "application/json": its.response } }],
    pagination: checkedPagination(its.pagination, argumentNames, tool, api),
    idempotencyHeader: its.idempotencyHeader,
    deadlineMs: its.deadlineMs,
    pinned: hash("sha256", JSON.stringify(its), "base64url"),
  };
}

function parameterOf(
  key: string,
  argument: string,
  one: HandwrittenConfig["params"][string],
  { path, body, idempotencyHeader }: HandwrittenConfig,
  schemas: LocalSchemas,
  reserved: ReturnType<typeof createReserved>,
): ApiParameter {
  const at = `${key}.params.${argument}`;
  const name = one.name ?? argument;
  if (isInherited(argument))
    throw new ConfigError(`${at}: no argument can have this name. Choose another one, and give the wire's as "name".`);
  if (argument === "body" && body !== undefined)
    throw new ConfigError(`${at}: body is the name of the body. Choose another one, and give the wire's as "name".`);
  if (one.in === "path" && !namesOf(path).includes(name))
    throw new ConfigError(`${at}: the path has no {${name}}. Add it to the path, or correct the name.`);
  if (one.in === "path" && one.required === false)
    throw new ConfigError(`${at}: a part of the path cannot be left out. Take "required" out.`);
  if (one.in === "header" && !TOKEN.test(name))
    throw new ConfigError(`${at}: ${JSON.stringify(name)} is no name of a header.`);
  const isIdempotency = one.in === "header" && name.toLowerCase() === idempotencyHeader?.toLowerCase();
  if (reserved(one.in, name) !== undefined || isIdempotency) {
    throw new ConfigError(
      `${at}: no caller may set ${JSON.stringify(name)}. What is the same for all belongs in headers or credential, an idempotency key in idempotencyHeader.`,
    );
  }
  schemas.check(one.schema, `${at}.schema`);
  const style = one.in === "query" ? "form" : "simple";
  return {
    argument,
    name,
    in: one.in,
    required: one.in === "path" || one.required === true,
    style,
    explode: one.explode ?? style === "form",
    allowReserved: false,
    asJson: false,
    schema: one.schema,
    description: one.description,
  };
}

function bodyOf(
  key: string,
  { method, body }: HandwrittenConfig,
  schemas: LocalSchemas,
  hasUploads: boolean,
): ApiBody | undefined {
  if (body === undefined) return undefined;
  if (method === "GET" || method === "HEAD")
    throw new ConfigError(`${key}.body: a ${method} has none. Take it out, or choose another method.`);
  schemas.check(body.schema, `${key}.body.schema`);
  const { schema, files } =
    body.form === "multipart" ? withFiles(key, body.schema, hasUploads) : { schema: body.schema, files: [] };
  return {
    argument: "body",
    required: body.required,
    form: body.form,
    contentType: CONTENT_TYPES[body.form],
    schema,
    description: undefined,
    files,
    encoding: {},
  };
}

function withFiles(key: string, schema: JsonSchema, hasUploads: boolean): ReturnType<typeof filesOf> {
  const refuse = (): never => {
    throw new ConfigError(`${key}.body sends a file, and no folder is open for that. Add uploads.roots to the API.`);
  };
  return filesOf(schema, { root: schema, hasUploads }, refuse);
}
