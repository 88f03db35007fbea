import { ConfigError } from "./config-error.ts";
import { nearest } from "./nearest.ts";

/**
 * Refuses an option that nobody declared. A misspelt one would switch a protection off in silence, and TypeScript sees
 * neither JavaScript callers nor objects that come from elsewhere.
 *
 * @param known every key of `T`; the compiler holds it complete
 * @throws {ConfigError} naming the nearest right key
 */
export function refuseUnknownKeys<T extends object>(
  what: string,
  options: T | undefined,
  known: Readonly<Record<keyof T, true>>,
): void {
  for (const key of Object.keys(options ?? {})) {
    if (Object.hasOwn(known, key)) continue;
    const near = nearest(key, Object.keys(known));
    throw new ConfigError(`${what} has no option "${key}".${near === undefined ? "" : ` Did you mean "${near}"?`}`);
  }
}
