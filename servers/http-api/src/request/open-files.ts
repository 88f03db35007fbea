import { basename, isAbsolute } from "node:path";
import { openRoot, PathError, type PathErrorCode, type Root, type SafePath } from "@hardened-mcp/safe-path";
import { CallError, ConfigError, type ErrorCode } from "@hardened-mcp/server";
import { sameFile, sendFile } from "./send-file.ts";

/** A file that was found, and can be sent. */
export interface UploadFile {
  /** Its last name, without a path. */
  readonly name: string;
  /** Bytes. */
  readonly length: number;
  /**
   * Its bytes. Opened anew each time and compared with the file that was found: another one, or a changed one, ends the stream with
   * {@link CallError} `conflict`, and before its last piece, so that no receiver has a whole body.
   */
  open(): AsyncIterable<Uint8Array>;
}

/** The folders that files may be sent from. */
export interface UploadFiles {
  /**
   * Finds a file: by a path relative to a folder, or absolute and inside one.
   *
   * @param argument for the refusal
   * @throws {CallError} `not_found`, `denied`, `too_large`, `invalid_input`, `unavailable`
   */
  find(argument: string, path: string): UploadFile;
  close(): void;
}

export interface UploadOptions {
  /** Absolute folders, looked through in this order. */
  readonly roots: readonly string[];
  /** Bytes of one file. */
  readonly maxBytes: number;
}

/**
 * Opens upload folders. No link is followed, nothing with two names is sent, nor what safe-path's deny list names (keys, `.env`).
 *
 * @throws {ConfigError} a folder that does not exist, or is too broad
 */
export function openFiles({ roots, maxBytes }: UploadOptions): UploadFiles {
  const opened: Root[] = [];
  const close = () => {
    for (const root of opened) root.close();
  };
  for (const path of roots) {
    try {
      opened.push(openRoot(path, { links: "refuse" }));
    } catch (error) {
      close();
      if (!(error instanceof PathError)) throw error;
      throw new ConfigError(`Files cannot be sent from ${path}: ${error.message}`, { cause: error });
    }
  }
  return { find: (argument, path) => find(opened, argument, path, maxBytes), close };
}

function find(roots: readonly Root[], argument: string, path: string, maxBytes: number): UploadFile {
  let missing: unknown;
  for (const root of roots) {
    if (isAbsolute(path) && !root.contains(path)) continue;
    try {
      return found(root, root.parse(path), maxBytes);
    } catch (error) {
      // The first folder that has something there decides, also when it refuses.
      if (!(error instanceof PathError)) throw error;
      if (error.code !== "not_found") throw refusal(error, argument);
      missing = error;
    }
  }
  throw refusal(missing instanceof PathError ? missing : new PathError("outside_root"), argument);
}

function found(root: Root, path: SafePath, maxBytes: number): UploadFile {
  using file = root.openFile(path, { maxBytes });
  const { stat } = file;
  return {
    name: basename(file.path),
    length: stat.size,
    open: () => sendFile(() => root.openFile(path, { maxBytes }), sameFile(stat), stat.size),
  };
}

/** Which protection refused would tell a prober what lies where: those are all `denied`. */
const PUBLIC: Readonly<Partial<Record<PathErrorCode, readonly [ErrorCode, string]>>> = {
  not_found: ["not_found", "names a file that is not in the folders that files may be sent from."],
  not_a_file: ["invalid_input", "does not name a file."],
  too_large: ["too_large", "names a file that is larger than this server sends."],
  too_deep: ["invalid_input", "is a path that is too deep."],
  too_long: ["invalid_input", "is a path that is too long."],
  invalid_name: ["invalid_input", "is a path with characters that are not accepted."],
  io: ["unavailable", "names a file that cannot be read at the moment."],
  closed: ["unavailable", "names a file that cannot be read at the moment."],
  root_moved: ["unavailable", "names a file that cannot be read at the moment."],
};
const DENIED = [
  "denied",
  "names a path outside of the folders that files may be sent from, or of a kind that is not sent.",
] as const;

function refusal(error: PathError, argument: string): CallError {
  const [code, why] = PUBLIC[error.code] ?? DENIED;
  return new CallError(code, `The argument ${argument} ${why}`, { cause: error, rule: `request/file@${argument}` });
}
