import { statSync } from "node:fs";
import { ConfigError } from "@hardened-mcp/server";
import { readSecretText, resolvePath } from "@hardened-mcp/server/config";
import { isUsable, type Secret, type SecretContext, unusable } from "./secret.ts";

/**
 * A secret in a file of mode 600. One `stat` for each use finds a rotated one, and also one whose mode was opened: the
 * inode's own time changes with both. A file that cannot be read any more ends the use of what was in it.
 *
 * @throws {ConfigError} it cannot be used at the start
 */
export function openFileSecret(file: string, context: SecretContext): Secret {
  const path = resolvePath(file);
  let seen = "";
  let current = read();
  let previous: string | undefined;

  function read(): string {
    seen = stateOf(path);
    const text = readSecretText(path, context.what);
    if (!isUsable(text)) throw new ConfigError(`${context.what}: ${path} holds more than one line.`);
    return text;
  }

  return {
    value() {
      try {
        if (seen !== "" && stateOf(path) === seen) return current;
        const next = read();
        if (next !== current) previous = current;
        current = next;
        return current;
      } catch (error) {
        // Not what was read before, until it can be read again.
        seen = "";
        const why = error instanceof ConfigError ? error.message : `${context.what}: ${path} cannot be read.`;
        throw unusable(context, why);
      }
    },
    // Read for each use: it is as new as it can be.
    refused: (value) => value !== current,
    *values() {
      yield current;
      if (previous !== undefined) yield previous;
    },
  };
}

/** Taken before the file is read: what changes in between is found at the next use. Empty where there is none. */
function stateOf(path: string): string {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return "";
  const { ino, size, mtimeMs, ctimeMs } = stats;
  return `${ino} ${size} ${mtimeMs} ${ctimeMs}`;
}
