import type { ApiRequest } from "../../../src/model/exchange.ts";
import type { Json } from "../../../src/model/json-schema.ts";
import type { ApiBody, ApiOperation, ApiParameter } from "../../../src/model/operation.ts";
import { type BuildOptions, buildRequest } from "../../../src/request/build-request.ts";

export function operation(parts: Partial<ApiOperation> = {}): ApiOperation {
  return {
    api: "api",
    id: "getThing",
    tool: "get_thing",
    title: undefined,
    description: "A thing.",
    method: "GET",
    path: "/things",
    effect: "read",
    scope: "http:read",
    tags: [],
    parameters: [],
    slashes: "refuse",
    body: undefined,
    responses: [],
    pagination: undefined,
    idempotencyHeader: undefined,
    deadlineMs: undefined,
    pinned: "",
    ...parts,
  };
}

/** A parameter as OpenAPI's defaults have it: `simple` in path and header, `form` exploded in the query. */
export function parameter(name: string, place: ApiParameter["in"], parts: Partial<ApiParameter> = {}): ApiParameter {
  return {
    argument: name,
    name,
    in: place,
    required: place === "path",
    style: place === "query" ? "form" : "simple",
    explode: place === "query",
    allowReserved: false,
    asJson: false,
    schema: {},
    description: undefined,
    ...parts,
  };
}

export function body(form: ApiBody["form"], parts: Partial<ApiBody> = {}): ApiBody {
  const contentType = {
    json: "application/json",
    urlencoded: "application/x-www-form-urlencoded",
    multipart: "multipart/form-data",
    text: "text/plain",
    file: "application/octet-stream",
  }[form];
  return {
    argument: "body",
    required: true,
    form,
    contentType,
    schema: {},
    description: undefined,
    files: [],
    encoding: {},
    ...parts,
  };
}

export const BASE = new URL("https://api.example.com/v1");

export function build(
  op: ApiOperation,
  args: Record<string, Json> = {},
  options: Partial<BuildOptions> = {},
): ApiRequest {
  return buildRequest(op, args, { base: BASE, headers: {}, files: undefined, ...options });
}

/** The bytes of a body, however it is kept. */
export async function bytesOf({ body: content }: ApiRequest): Promise<Buffer> {
  if (content === undefined) return Buffer.alloc(0);
  if (content.kind === "bytes") return Buffer.from(content.bytes);
  const pieces: Uint8Array[] = [];
  for await (const piece of content.open()) pieces.push(piece);
  return Buffer.concat(pieces);
}

/** A refusal's code and rule, or `undefined` where nothing was thrown. */
export function refused(run: () => unknown): string | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    const { code, rule } = error as { code?: string; rule?: string };
    if (code === undefined) throw error;
    return `${code} ${rule}`;
  }
}
