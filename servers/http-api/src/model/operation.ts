import type { Effect } from "@hardened-mcp/server";
import type { JsonSchema } from "./json-schema.ts";

export const READING_METHODS = ["GET", "HEAD"] as const;
export const WRITING_METHODS = ["POST", "PUT", "PATCH", "DELETE"] as const;
/** Every method a tool can have. OPTIONS, TRACE, CONNECT and QUERY are left out of a document, and reported. */
export type HttpMethod = (typeof READING_METHODS)[number] | (typeof WRITING_METHODS)[number];

/** How an array or an object is written in a URL or a header (OpenAPI 3.1, section 4.8.12.2, "style values"). */
export type ParameterStyle = "simple" | "label" | "matrix" | "form" | "spaceDelimited" | "pipeDelimited" | "deepObject";

/** One parameter of an operation: an argument of its tool, and a place in the request. */
export interface ApiParameter {
  /** The tool's argument. One of `[A-Za-z_][A-Za-z0-9_]{0,63}`; no two of an operation are the same. */
  readonly argument: string;
  /** Its name on the wire. */
  readonly name: string;
  readonly in: "path" | "query" | "header";
  readonly required: boolean;
  readonly style: ParameterStyle;
  readonly explode: boolean;
  /** Query only: `:/?[]@!$'()*,;` stay as they are; `&`, `=`, `+` and `#` never do. */
  readonly allowReserved: boolean;
  /** `content` in place of `style`: the value is written as JSON. */
  readonly asJson: boolean;
  readonly schema: JsonSchema;
  /** Cleaned and capped. */
  readonly description: string | undefined;
}

/** How a body is written. */
export type BodyForm = "json" | "urlencoded" | "multipart" | "text" | "file";

/** The body of an operation: the argument `body`, or another name where a parameter has taken it. */
export interface ApiBody {
  readonly argument: string;
  readonly required: boolean;
  readonly form: BodyForm;
  /** Sent as `Content-Type`, without parameters; for `multipart` the boundary is added. */
  readonly contentType: string;
  readonly schema: JsonSchema;
  readonly description: string | undefined;
  /** Multipart: properties that are files (`format: binary`, `contentMediaType`). Their argument is the path of a file below an upload root. */
  readonly files: readonly string[];
  /** Multipart and urlencoded: what `encoding` says of single properties. */
  readonly encoding: Readonly<Record<string, PropertyEncoding>>;
}

export interface PropertyEncoding {
  readonly contentType?: string;
  readonly style?: ParameterStyle;
  readonly explode?: boolean;
  readonly allowReserved?: boolean;
}

/** What an answer of a status holds. */
export interface ApiResponse {
  /** `200`, `4XX` or `default`. */
  readonly status: string;
  /** By media type without parameters, lower case. `undefined`: no schema, so anything of an accepted type. */
  readonly content: Readonly<Record<string, JsonSchema | undefined>>;
}

/** Where the next page is found. */
export type Pagination =
  | { readonly type: "link" }
  | { readonly type: "cursor"; readonly from: readonly string[]; readonly argument: string }
  | { readonly type: "page" | "offset"; readonly argument: string; readonly sizeArgument?: string };

/** One allowed operation of an API: all that a tool needs, whatever it came from. */
export interface ApiOperation {
  /** Name of the API in the configuration. */
  readonly api: string;
  /** `operationId`, or `METHOD /path` where there is none; the name of a hand-written one. */
  readonly id: string;
  /** Name of the tool: lower-case words joined by `_`, at most 64 characters, unique in the server. */
  readonly tool: string;
  readonly title: string | undefined;
  /** For the model: cleaned, capped, never empty. */
  readonly description: string;
  readonly method: HttpMethod;
  /** Template below the base URL, such as `/users/{id}`. Begins with a slash; every `{name}` has its path parameter. */
  readonly path: string;
  readonly effect: Effect;
  readonly scope: string;
  readonly tags: readonly string[];
  readonly parameters: readonly ApiParameter[];
  /** What becomes of a slash within a value of the path. `encode`: `%2F`; servers that decode before they split take it for a separator. */
  readonly slashes: "refuse" | "encode";
  readonly body: ApiBody | undefined;
  readonly responses: readonly ApiResponse[];
  readonly pagination: Pagination | undefined;
  /** Header that makes a retry of this operation safe, such as `Idempotency-Key`; filled by us. */
  readonly idempotencyHeader: string | undefined;
  readonly deadlineMs: number | undefined;
  /** All that its listing does not say and that changes what it does: method, path, styles, response schemas. */
  readonly pinned: string;
}

/** Something of a document that did not become a tool, or only in part. In our words, names cleaned. */
export interface LeftOut {
  /** `GET /users/{id}`, or a part of it. */
  readonly where: string;
  /** A fixed word, such as `writing`, `not_allowed`, `cookie_parameter`, `remote_ref`, `no_body_form`. */
  readonly reason: string;
  readonly message: string;
  /** `operation`: no tool was made of it. `part`: the tool exists without this. */
  readonly what: "operation" | "part";
}

/** What a document, or the hand-written operations of a configuration, come to. */
export interface ApiOperations {
  readonly operations: readonly ApiOperation[];
  readonly leftOut: readonly LeftOut[];
}
