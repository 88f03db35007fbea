import { PathError, type PathErrorCode } from "./errors.ts";

const CODE_BY_ERRNO: ReadonlyMap<string, PathErrorCode> = new Map([
  ["ENOENT", "not_found"],
  ["ENOTDIR", "not_a_directory"],
  ["EISDIR", "not_a_file"],
  ["ELOOP", "link"],
  ["EEXIST", "exists"],
  ["ENOTEMPTY", "not_empty"],
  ["ENAMETOOLONG", "too_long"],
  ["EILSEQ", "invalid_name"],
  ["EACCES", "permission"],
  ["EPERM", "permission"],
  ["EROFS", "permission"],
  ["ENXIO", "special_file"],
  ["EXDEV", "other_mount"],
  ["ENOSYS", "unsupported"],
  ["EOPNOTSUPP", "unsupported"],
]);

/** The errno name of a system error, or undefined for anything else. */
export function errnoOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

/** Turns whatever a system call threw into a PathError; the original, with its path, becomes the `cause`. */
export function toPathError(error: unknown): PathError {
  if (error instanceof PathError) return error;
  return new PathError(CODE_BY_ERRNO.get(errnoOf(error) ?? "") ?? "io", error);
}

/** Runs one system call; its failure leaves as a PathError. */
export function system<T>(call: () => T): T {
  try {
    return call();
  } catch (error) {
    throw toPathError(error);
  }
}
