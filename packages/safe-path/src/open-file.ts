import { closeSync, fstatSync, type Stats } from "node:fs";
import type { RootContext } from "./context.ts";
import type { Admitted } from "./decide.ts";
import { PathError } from "./errors.ts";
import type { SafePath } from "./parse.ts";

/** An open regular file. Read and write through `fd` only: there is no path to open again. */
export interface OpenFile extends Disposable {
  readonly kind: "file";
  /** @throws {PathError} `closed` after `close()`, when the number may already belong to another file */
  readonly fd: number;
  /** Where the file really is, relative to the root: links are resolved. */
  readonly path: SafePath;
  /** As of the decision to open. The size can change afterwards; bound the read, not only the open. */
  readonly stat: Stats;
  /** Closes the descriptor; again is harmless. */
  close(): void;
}

export interface OpenFileOptions {
  /** Refuse files larger than this many bytes at the time of opening. Default: no limit. */
  readonly maxBytes?: number;
}

/** Turns an admitted identity into a readable file. Takes over its descriptor, also when it throws. */
export function readable(root: RootContext, admitted: Admitted, options: OpenFileOptions = {}): OpenFile {
  const { located, path } = admitted;
  try {
    checkRegularFile(located.stat, root.options.hardLinks);
    if (located.stat.size > limitOf(options)) throw new PathError("too_large");
  } catch (error) {
    closeSync(located.fd);
    throw error;
  }
  return openFile(root.backend.reopenForReading(located), path, located.stat);
}

/** Wraps a descriptor that was just created, so nobody else can have had it. */
export function created(fd: number, path: SafePath): OpenFile {
  try {
    return openFile(fd, path, fstatSync(fd));
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

/** A misspelled or NaN limit must not be no limit. */
function limitOf(options: OpenFileOptions): number {
  for (const key in options) if (key !== "maxBytes") throw new PathError("invalid_option");
  const { maxBytes = Number.POSITIVE_INFINITY } = options;
  if (typeof maxBytes !== "number" || Number.isNaN(maxBytes)) throw new PathError("invalid_option");
  return maxBytes;
}

function checkRegularFile(stat: Stats, hardLinks: "refuse" | "allow"): void {
  if (stat.isDirectory()) throw new PathError("not_a_file");
  if (stat.isSymbolicLink()) throw new PathError("link");
  if (!stat.isFile()) throw new PathError("special_file");
  // Unlinked between our open and the decision.
  if (stat.nlink === 0) throw new PathError("not_found");
  if (stat.nlink > 1 && hardLinks === "refuse") throw new PathError("hard_link");
}

function openFile(fd: number, path: SafePath, stat: Stats): OpenFile {
  let open = true;
  const close = () => {
    if (open) closeSync(fd);
    open = false;
  };
  return {
    kind: "file",
    get fd() {
      if (!open) throw new PathError("closed");
      return fd;
    },
    path,
    stat,
    close,
    [Symbol.dispose]: close,
  };
}
