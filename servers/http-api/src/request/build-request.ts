import { CallError } from "@hardened-mcp/server";
import type { ApiRequest } from "../model/exchange.ts";
import type { Json } from "../model/json-schema.ts";
import type { ApiOperation } from "../model/operation.ts";
import { writeBody } from "./body/write-body.ts";
import type { UploadFiles } from "./open-files.ts";
import { pathPlan } from "./path-plan.ts";
import { writeHeaders } from "./write-headers.ts";
import { writePath } from "./write-path.ts";
import { writeQuery } from "./write-query.ts";

export interface BuildOptions {
  /** Origin and path of the API. Its query, fragment and user are not used. */
  readonly base: URL;
  /** Sent with every request, by configuration. */
  readonly headers: Readonly<Record<string, string>>;
  /** What {@link openFiles} opened; `undefined`: no files. */
  readonly files: UploadFiles | undefined;
  /** Names that a credential is sent under: header names in lower case, query names as they are. */
  readonly reserved?: { readonly headers?: readonly string[]; readonly query?: readonly string[] };
}

/** Characters of a whole URL; common servers refuse more than 8 KiB (RFC 9110, 4.1). */
const MAX_URL = 8192;
const NONE: readonly string[] = [];

/**
 * The request of an operation with arguments that its schemas have let through.
 *
 * Values are encoded by their style; one that could leave its place is refused. The URL is then read by the URL parser, which must find
 * the base's origin and, segment by segment, what was written: the parser folds dots, tabs and escapes that no encoder thinks of.
 *
 * @throws {CallError} `invalid_input` names the argument; `too_large` the URL, or a file; `not_found`, `denied` a file; `internal` an
 * operation whose own template or header names cannot be sent
 */
export function buildRequest(
  operation: ApiOperation,
  args: Readonly<Record<string, Json>>,
  options: BuildOptions,
): ApiRequest {
  const { base, reserved } = options;
  const segments = writePath(operation, args);
  const query = writeQuery(operation, args, reserved?.query ?? NONE);
  const url = readUrl(operation, base, segments, query);
  const written = writeBody(operation, args, options.files);
  const headers = writeHeaders(operation, args, {
    configured: options.headers,
    contentType: written?.contentType,
    reserved: reserved?.headers ?? NONE,
  });
  return { method: operation.method, url, headers, body: written?.body };
}

function readUrl(operation: ApiOperation, base: URL, segments: readonly string[], query: string): URL {
  const basePath = base.pathname.endsWith("/") ? base.pathname.slice(0, -1) : base.pathname;
  const path = `${basePath}/${segments.join("/")}`;
  const search = query === "" ? "" : `?${query}`;
  const text = `${base.origin}${path}${search}`;
  if (text.length > MAX_URL)
    throw new CallError("too_large", "The arguments make a URL that is too long.", { rule: "request/url_size" });
  const url = new URL(text);
  const asWritten = url.origin === base.origin && url.pathname === path && url.search === search && url.hash === "";
  if (!asWritten || !followsTemplate(operation, url.pathname.slice(basePath.length))) {
    throw new CallError("internal", undefined, {
      detail: `The URL of ${operation.id} reads other than written.`,
      rule: "request/url",
    });
  }
  return url;
}

/** As many segments as the template has, and its fixed ones where it has them. */
function followsTemplate(operation: ApiOperation, path: string): boolean {
  const plan = pathPlan(operation);
  const segments = path.split("/").slice(1);
  if (segments.length !== plan.length) return false;
  return plan.every(
    (pieces, at) => pieces.some((piece) => typeof piece !== "string") || (pieces[0] ?? "") === segments[at],
  );
}
