import { resolvePath } from "../config/secret-file.ts";
import { DRIFT_FLAG, type ToolsLockOptions } from "../tools-lock/options.ts";
import type { CommonFlags } from "./flags.ts";
import { UsageError } from "./usage-error.ts";

/** Where a lock is written when nothing names another place. */
export const LOCK_FILE = "tools.lock.json";

/**
 * What a configuration and flags say of the lock.
 *
 * @throws {UsageError} a flag that would allow drift, where nothing is held to a lock
 */
export function toolsLockOf(
  config: { readonly toolsLock?: string; readonly allowWrite?: boolean },
  flags: CommonFlags,
  writeWith: string | undefined,
): ToolsLockOptions | undefined {
  const { toolsLock, allowWrite = false } = config;
  const dangerouslyAllowDrift = flags.dangerouslyAllowToolDrift ?? false;
  if (toolsLock === undefined) {
    if (dangerouslyAllowDrift) throw new UsageError(`${DRIFT_FLAG} needs a lock to drift from: --tools-lock FILE.`);
    return undefined;
  }
  const file = resolvePath(toolsLock);
  return { file, allowWrite, dangerouslyAllowDrift, ...(writeWith === undefined ? {} : { writeWith }) };
}

/** What is to be done with the lock instead of a start. @throws {UsageError} two things at once */
export function lockTask(flags: CommonFlags): "write" | "check" | undefined {
  const { writeToolsLock, checkToolsLock, dangerouslyAllowToolDrift } = flags;
  if (writeToolsLock && checkToolsLock) {
    throw new UsageError("--write-tools-lock and --check-tools-lock exclude each other.");
  }
  if (!writeToolsLock && !checkToolsLock) return undefined;
  if (dangerouslyAllowToolDrift)
    throw new UsageError(`${DRIFT_FLAG} is for a start; a lock is written and checked without.`);
  return writeToolsLock ? "write" : "check";
}
