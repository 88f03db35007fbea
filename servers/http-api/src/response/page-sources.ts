import type { Json } from "../model/json-schema.ts";
import type { ApiOperation } from "../model/operation.ts";

/** Where the next page may be found. */
export interface PageSources {
  readonly operation: ApiOperation;
  readonly args: Readonly<Record<string, Json>>;
  /** Of the request. */
  readonly url: URL | undefined;
  /** The `Link` header. */
  readonly link: string | undefined;
  /** As the API wrote it, before anything was cut or masked. */
  readonly body: Json | undefined;
  /** Whether a value is one that an argument takes. Default: any is. */
  readonly fits?: ((argument: string, value: Json) => boolean) | undefined;
}
