import { PathError, type PathErrorCode } from "@hardened-mcp/safe-path";
import type { Call, CatalogueEntry } from "@hardened-mcp/server";

/** Every error of a file, in the words a client sees. None holds a path, or tells what is outside and what is not. */
export const FILE_ERRORS = {
  not_found: { code: "not_found", message: "There is nothing by that name." },
  denied: { code: "denied", message: "This path is in no served folder, or is of a kind that is not served." },
  invalid_path: { code: "invalid_input", message: "The path is too long, too deep, or has characters not accepted." },
  not_a_file: { code: "invalid_input", message: "This is not a file." },
  not_text: { code: "invalid_input", message: "This is not UTF-8 text without NUL." },
  too_large: { code: "too_large", message: "The file is larger than this server reads and creates." },
  exists: { code: "conflict", message: "Something of that name exists already. Nothing was changed." },
  unavailable: { code: "unavailable", message: "The folder cannot be used at the moment." },
} as const satisfies Readonly<Record<string, CatalogueEntry>>;

type FileReason = keyof typeof FILE_ERRORS;

/** Which protection refused would tell a prober what lies where: those are all `denied`. A code not named here is a fault of ours. */
const REASONS: Partial<Readonly<Record<PathErrorCode, FileReason>>> = {
  not_found: "not_found",
  not_a_directory: "not_found",
  outside_root: "denied",
  link: "denied",
  special_file: "denied",
  hard_link: "denied",
  denied_name: "denied",
  permission: "denied",
  invalid_name: "invalid_path",
  too_deep: "invalid_path",
  too_long: "invalid_path",
  not_a_file: "not_a_file",
  too_large: "too_large",
  exists: "exists",
  io: "unavailable",
  root_moved: "unavailable",
};

/** Runs a handler. What it throws leaves as an entry of the catalogue; the original is for the operator's log alone. */
export function answering<T>(call: Call<FileReason>, run: () => T): T {
  try {
    return run();
  } catch (error) {
    const reason = error instanceof PathError ? REASONS[error.code] : undefined;
    if (reason === undefined) throw error;
    return call.fail(reason, { cause: error });
  }
}
