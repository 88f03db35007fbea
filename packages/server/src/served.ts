/** One transport in service. */
export interface Served {
  /** `stdio`, or the endpoint's URL. */
  readonly address: string;
  readonly monitorAddress?: string;
  /** No new requests from here on. */
  stopAccepting(): Promise<void>;
  /** Resolves when every answer has left, or after `ms`. */
  flush(ms: number): Promise<void>;
  close(): Promise<void>;
}
