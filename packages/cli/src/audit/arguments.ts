import { UsageError } from "../exit.ts";
import type { Flags } from "../flags.ts";

/** The one folder of a command. @throws {UsageError} */
export function oneFolder({ positionals }: Flags): string {
  const [dir, ...rest] = positionals;
  if (dir === undefined || dir === "" || rest.length > 0) throw new UsageError("name one folder");
  return dir;
}

/** A flag that counts something. @throws {UsageError} */
export function wholeNumber(flags: Flags, name: string): number | undefined {
  const text = flags.value(name);
  if (text === undefined) return undefined;
  if (!/^\d{1,15}$/.test(text)) throw new UsageError(`--${name} is a whole number`);
  return Number(text);
}
