/** What each code means, in one line that is safe to show: no code's text names a path, inside or outside a root. */
export const PATH_ERROR_MEANINGS = {
  not_found: "Nothing of that name exists in the root.",
  outside_root: "The path leads outside the root, or nowhere, by `..`, as an absolute path or through a link.",
  link: "The path goes through a link, and links are refused here.",
  special_file: "The path names a device, FIFO, socket or other special file.",
  hard_link: "The file has another name (hard link), which may lie outside the root.",
  denied_name: "The deny list of this root refuses that name.",
  too_deep: "The path has more segments than this root allows.",
  too_long: "The path, or a segment of it, is longer than allowed.",
  invalid_name: "The path has characters or a spelling that this root does not accept.",
  not_a_file: "The path names something other than a regular file.",
  not_a_directory: "The path, or a part of it, is not a directory.",
  not_empty: "The directory is not empty.",
  too_large: "The file is larger than allowed.",
  exists: "Something of that name exists already.",
  other_mount: "The path crosses into another mount, and mounts are refused here.",
  permission: "The operating system denies that operation.",
  closed: "The root, file or directory was closed.",
  io: "The operating system reported an error.",
  invalid_option: "An option or a deny pattern is not valid.",
  root_not_found: "The root does not exist or is not a directory.",
  root_too_broad: "The root is too broad: `/`, a home directory or above it, world-writable, or a system tree.",
  root_moved: "The root was moved, replaced or deleted after it was opened.",
  unsupported: "This platform or file system lacks what is needed (on Linux: /proc).",
} as const;

/** Stable identifiers; a `switch` over them narrows. */
export type PathErrorCode = keyof typeof PATH_ERROR_MEANINGS;

/**
 * The only error this package throws on purpose.
 *
 * `message` is the meaning of `code` and never holds a path. `cause` holds internal detail, for logs on this side of
 * the trust boundary: an outside target may appear in it, so it must never reach a client.
 */
export class PathError extends Error {
  override readonly name = "PathError";
  readonly code: PathErrorCode;

  constructor(code: PathErrorCode, cause?: unknown) {
    super(PATH_ERROR_MEANINGS[code], cause === undefined ? undefined : { cause });
    this.code = code;
  }
}
