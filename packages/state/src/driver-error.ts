import { StateError } from "./state-error.ts";

/**
 * What a driver's library threw, as the one error of this package.
 *
 * Only name, code and message of the cause are kept: ioredis hangs the command with its arguments on the error (the password
 * of AUTH, the value of SET), pg the row.
 */
export function unavailable(error: unknown, message = "The state store did not carry out an operation."): StateError {
  if (error instanceof StateError) return error;
  return new StateError("unavailable", `${message} Whether it took place is not known.`, { cause: bare(error) });
}

function bare(error: unknown): Error {
  if (!(error instanceof Error)) return new Error("Something that is no error was thrown.");
  // Several addresses of one host, none of which answered: the words are in the parts.
  const parts = error instanceof AggregateError ? error.errors.map((part) => bare(part).message) : [error.message];
  const code = "code" in error && typeof error.code === "string" ? `${error.code}: ` : "";
  return new Error(`${code}${parts.join("; ")}`);
}
