import type { ResponseConfig } from "../config/response-schema.ts";
import type { Check, Json } from "../model/json-schema.ts";
import type { ApiOperation } from "../model/operation.ts";

/** What reading an answer needs besides it. */
export interface ReadOptions {
  readonly operation: ApiOperation;
  /** What holds for this operation: the API's, with the operation's own in front. */
  readonly config: ResponseConfig;
  /** Of the response that a status and a media type (lower case, without parameters) declare; `undefined`: anything. */
  check(status: number, mediaType: string): Check | undefined;
  /** Bytes of a body, decompressed. A longer JSON is refused, a longer text is cut with a note. */
  readonly maxBytes: number;
  /** See `Upstream.secrets`. Asked when the answer is there, when a token may be newer than the request. */
  secrets(): readonly string[];
  /** Of masks `as: hash`. At most 64 bytes. */
  readonly hashKey: Uint8Array;
  readonly args: Readonly<Record<string, Json>>;
  /** Of the request; a `Link` is read relative to it. Without it none is. */
  readonly url?: URL;
  /** Whether a value is one that an argument takes, see {@link nextPage}. */
  readonly fits?: (argument: string, value: Json) => boolean;
}
