import type { RequestBody } from "../../model/exchange.ts";

/** A body, and the `Content-Type` it is sent with. */
export interface WrittenBody {
  readonly body: RequestBody;
  readonly contentType: string;
}
