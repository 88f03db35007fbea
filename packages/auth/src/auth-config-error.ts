/**
 * The options do not describe a server that could be defended. The message says what is wrong and what to write instead;
 * it is for the operator. `exitCode` is that of sysexits.h (EX_CONFIG).
 */
export class AuthConfigError extends Error {
  override readonly name = "AuthConfigError";
  readonly exitCode = 78;
}
