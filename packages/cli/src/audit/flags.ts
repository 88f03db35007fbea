import { AuditError } from "@hardened-mcp/audit";
import { recordTypes } from "@hardened-mcp/audit/export";
import { exit, Failure, UsageError } from "../exit.ts";
import { type Flags, unknown } from "../flags.ts";

/** The one folder that a command is about. @throws {UsageError} */
export function folderOf(flags: Flags): string {
  const [dir = "", ...rest] = flags.positionals;
  if (dir === "" || rest.length > 0) throw new UsageError("name one folder");
  return dir;
}

/** The values of `--type`. A misspelt one would leave out what was asked for. @throws {UsageError} naming the nearest */
export function typesOf(flags: Flags): readonly string[] {
  const types = flags.values("type");
  const stranger = types.find((type) => !(recordTypes as readonly string[]).includes(type));
  if (stranger !== undefined) throw new UsageError(unknown("--type", stranger, recordTypes));
  return types;
}

/** A whole number from 0. @throws {UsageError} */
export function countFlag(flags: Flags, name: string, max: number): number | undefined {
  const text = flags.value(name);
  if (text === undefined) return undefined;
  const count = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (!(count <= max)) throw new UsageError(`--${name} is a whole number from 0 to ${max}`);
  return count;
}

/** What the log refuses with, as the command ends with it. */
export function logFailure(error: unknown): unknown {
  if (!(error instanceof AuditError)) return error;
  return new Failure(exit.failure, `${error.code}: ${error.message}`, { cause: error });
}
