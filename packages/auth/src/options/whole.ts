import { AuthConfigError } from "../auth-config-error.ts";

/** @throws {AuthConfigError} unless `value` is a whole number within its bounds */
export function requireWhole(name: string, value: number, min: number, max: number): void {
  if (Number.isSafeInteger(value) && value >= min && value <= max) return;
  throw new AuthConfigError(`${name} must be a whole number from ${min} to ${max}.`);
}
