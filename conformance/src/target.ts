/** A server in service that a suite can be run against. */
export interface Target {
  readonly url: string;
  stop(): Promise<void>;
}
