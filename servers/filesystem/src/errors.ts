import { PathError, type PathErrorCode } from "@hardened-mcp/safe-path";
import type { Call, CatalogueEntry } from "@hardened-mcp/server";

/**
 * Every error a file tool may raise, with the words a client sees. No entry holds a path: what an outside path names, and
 * whether it exists, is not for a client (an outside path is `denied` in either case).
 */
export const FILE_ERRORS = {
  not_found: { code: "not_found", message: "There is nothing by that name in the allowed directories." },
  denied: {
    code: "denied",
    message: "This path is not inside the allowed directories, or is of a kind that is not served.",
  },
  invalid_path: {
    code: "invalid_input",
    message: "The path is too long, too deep, or has characters that are not accepted.",
  },
  not_a_file: { code: "invalid_input", message: "This is not a file. Use list_directory for a directory." },
  not_a_directory: { code: "invalid_input", message: "This is not a directory." },
  not_text: { code: "invalid_input", message: "This file is not UTF-8 text. Use read_media_file." },
  past_end: { code: "invalid_input", message: "The file has fewer lines than startLine." },
  line_choice: {
    code: "invalid_input",
    message: "Use one of head, tail, or startLine with endLine; endLine may not be less.",
  },
  too_large: {
    code: "too_large",
    message:
      "The file is too large to read whole. Read a part: head, tail, or startLine and endLine of read_text_file.",
  },
  media_too_large: { code: "too_large", message: "The file is larger than this server sends." },
  cursor: { code: "invalid_input", message: "The cursor was not given for this query. Start again without one." },
  glob_braces: { code: "invalid_input", message: "A glob's braces make more than 64 alternatives, or hold a range." },
  glob_extended: {
    code: "invalid_input",
    message: "Extended globs such as +(a|b) are not supported. Use * ? ** [a-z] {a,b}.",
  },
  glob_long: { code: "invalid_input", message: "The glob is longer than 1,024 characters." },
  newline: { code: "invalid_input", message: "The pattern holds a line break; the search goes line by line." },
  regex: {
    code: "invalid_input",
    message: "The pattern is not a valid RE2 regular expression (no look-around, no back-references).",
  },
  regex_large: {
    code: "invalid_input",
    message: "The regular expression is too large. Use smaller repetition counts.",
  },
  unavailable: { code: "unavailable", message: "The allowed directory cannot be read at the moment." },
} as const satisfies Readonly<Record<string, CatalogueEntry>>;

/** Names of {@link FILE_ERRORS}. */
export type FileReason = keyof typeof FILE_ERRORS;

/** What a handler of this server gets. */
export type FileCall = Call<FileReason>;

/** A refusal from code that has no call at hand. Becomes the catalogue's entry at {@link answering}. */
export class FileError extends Error {
  override readonly name = "FileError";
  readonly reason: FileReason;

  constructor(reason: FileReason, cause?: unknown) {
    super(FILE_ERRORS[reason].message, cause === undefined ? undefined : { cause });
    this.reason = reason;
  }
}

/** Codes that say which protection refused would tell a prober what lies where; they all become `denied`. */
const REASON_OF: Readonly<Record<PathErrorCode, FileReason | undefined>> = {
  not_found: "not_found",
  outside_root: "denied",
  link: "denied",
  special_file: "denied",
  hard_link: "denied",
  denied_name: "denied",
  other_mount: "denied",
  permission: "denied",
  too_deep: "invalid_path",
  too_long: "invalid_path",
  invalid_name: "invalid_path",
  not_a_file: "not_a_file",
  not_a_directory: "not_a_directory",
  too_large: "too_large",
  io: "unavailable",
  closed: "unavailable",
  root_moved: "unavailable",
  root_not_found: "unavailable",
  // Only the writing half and the start can meet these; here they would be a fault of ours.
  not_empty: undefined,
  exists: undefined,
  invalid_option: undefined,
  root_too_broad: undefined,
  unsupported: undefined,
};

/** The catalogue's name for a thrown value; `undefined` when it is none of ours. */
export function reasonOf(thrown: unknown): FileReason | undefined {
  if (thrown instanceof FileError) return thrown.reason;
  return thrown instanceof PathError ? REASON_OF[thrown.code] : undefined;
}

/** Runs a handler; its PathError or FileError leaves as the catalogue's entry, the original kept for the operator. */
export async function answering<T>(call: FileCall, run: () => T | Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    const reason = reasonOf(error);
    if (reason === undefined) throw error;
    return call.fail(reason, { cause: error });
  }
}
