/** Where an upstream says what is wrong with it, for the operator. Never a secret, a token, or anything of a body. */
export interface UpstreamLog {
  warn(fields: Readonly<Record<string, unknown>>, message: string): void;
  info(fields: Readonly<Record<string, unknown>>, message: string): void;
}
