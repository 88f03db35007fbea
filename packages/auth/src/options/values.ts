import { AuthConfigError } from "../auth-config-error.ts";

/** @throws {AuthConfigError} */
export function oneOf<T extends string>(what: string, value: T, allowed: readonly T[]): T {
  if (allowed.includes(value)) return value;
  throw new AuthConfigError(`${what} must be one of ${allowed.map((each) => `"${each}"`).join(", ")}.`);
}

/** @throws {AuthConfigError} */
export function text(what: string, value: unknown): string {
  if (typeof value === "string" && value !== "") return value;
  throw new AuthConfigError(`${what} must be text, and not empty.`);
}
