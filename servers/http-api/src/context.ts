import type { ApiConfig } from "./config/api-schema.ts";
import type { ResponseConfig } from "./config/response-schema.ts";
import type { HttpApiConfig } from "./config/schema.ts";
import type { Upstream } from "./model/exchange.ts";
import type { SchemaSet } from "./model/json-schema.ts";
import type { ApiOperation, ApiTemplate, LeftOut } from "./model/operation.ts";
import type { UploadFiles } from "./request/open-files.ts";

/** An operation, with the schemas that its own refer to. */
export interface NamedOperation {
  readonly operation: ApiOperation;
  readonly schemas: SchemaSet;
  /** What leaves of its answers. */
  readonly response: ResponseConfig;
}

/** An API as its document and its configuration describe it. Nothing has been asked on the network. */
export interface DescribedApi {
  readonly name: string;
  readonly config: ApiConfig;
  /** Of the document, for people; cleaned. */
  readonly title: string | undefined;
  readonly baseUrl: string;
  readonly operations: readonly NamedOperation[];
  readonly leftOut: readonly LeftOut[];
  /** Every operation that the API is known to have. */
  readonly templates: readonly ApiTemplate[];
}

/** An API that can be asked. */
export interface OpenedApi extends DescribedApi {
  readonly upstream: Upstream;
  /** Where files are sent from; absent: from nowhere. */
  readonly files: UploadFiles | undefined;
}

/** What every tool of this server works on. */
export interface ApiContext {
  readonly auditArguments: HttpApiConfig["auditArguments"];
  /** Of digests that masked values are shown as; another at each start. */
  readonly hashKey: Uint8Array;
}

/** What reads from an API, where its configuration names no other scope. */
export const READ_SCOPE = "http:read";
/** What fetches pages. */
export const FETCH_SCOPE = "http:fetch";
