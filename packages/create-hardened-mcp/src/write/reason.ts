const REASONS: Readonly<Record<string, string>> = {
  EACCES: "you may not write there",
  EPERM: "the system does not permit it",
  EROFS: "it is on a disk that is read only",
  ENOENT: "the system knows no such place, and makes none",
  ENOSPC: "the disk is full",
  EDQUOT: "your quota is used up",
  EFBIG: "a file would be larger than this process may write",
  EIO: "the disk failed",
  EXDEV: "a part of it is on another disk or mount",
  EBUSY: "something is mounted there, or a program holds it",
  ENOTDIR: "a part of its path is a file",
  ELOOP: "a part of its path is a symbolic link that leads in a circle",
  ENOTEMPTY: "somebody else has put something there meanwhile",
  EEXIST: "somebody else has put something there meanwhile",
  ENAMETOOLONG: "its name is too long",
};

/** Why the system refused, in words that follow a colon. */
export function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return REASONS[code ?? ""] ?? code ?? message;
}
