import { UsageError } from "../exit.ts";
import { type Flags, unknown } from "../flags.ts";

/** The one flag of `names` that was given. @throws {UsageError} none, or two */
export function oneOf<T extends string>(flags: Flags, names: readonly T[]): T {
  const [first, ...more] = names.filter((name) => flags.given(name));
  if (first !== undefined && more.length === 0) return first;
  throw new UsageError(`give one of ${names.map((name) => `--${name}`).join(", ")}`);
}

/** The value of a flag that knows only some. @throws {UsageError} naming the nearest */
export function oneOfValues<T extends string>(flags: Flags, name: string, known: readonly T[], byDefault: T): T {
  const value = flags.value(name);
  if (value === undefined) return byDefault;
  const found = known.find((one) => one === value);
  if (found === undefined) throw new UsageError(`${unknown(`--${name}`, value, known)} (${known.join(", ")})`);
  return found;
}
