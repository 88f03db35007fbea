import { AuditError } from "../../errors.ts";

/** Reads a value of unknown kind, or says at which place it is wrong. @throws {AuditError} `invalid` */
export type Check<T> = (value: unknown, at: string) => T;

type Shape = Readonly<Record<string, Check<unknown>>>;
type Read<S extends Shape> = { readonly [K in keyof S]: ReturnType<S[K]> };

export function invalid(at: string, what: string): AuditError {
  return new AuditError("invalid", `${at}: ${what}`);
}

/** An object with these members and no others: a misspelled one must not switch protection off. */
export function object<S extends Shape>(shape: S): Check<Read<S>> {
  return (value, at) => {
    if (!isObject(value)) throw invalid(at, "must be an object");
    const known = Object.keys(shape);
    for (const key of Object.keys(value)) {
      if (!known.includes(key)) throw invalid(`${at}.${key.slice(0, 64)}`, `unknown; known are ${known.join(", ")}`);
    }
    return Object.fromEntries(
      Object.entries(shape).map(([key, check]) => [key, check(value[key], `${at}.${key}`)]),
    ) as Read<S>;
  };
}

export function optional<T>(check: Check<T>): Check<T | undefined> {
  return (value, at) => (value === undefined ? undefined : check(value, at));
}

export function or<T>(fallback: T, check: Check<T>): Check<T> {
  return (value, at) => (value === undefined ? fallback : check(value, at));
}

export function text(pattern: RegExp, what: string): Check<string> {
  return (value, at) => {
    if (typeof value !== "string" || !pattern.test(value)) throw invalid(at, `must be ${what}`);
    return value;
  };
}

export function whole(min: number, max: number): Check<number> {
  return (value, at) => {
    if (typeof value === "number" && Number.isSafeInteger(value) && value >= min && value <= max) return value;
    throw invalid(at, `must be a whole number from ${min} to ${max}`);
  };
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
