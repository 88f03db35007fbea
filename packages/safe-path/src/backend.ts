import type { Stats } from "node:fs";

/** The root's directory, held open for as long as the root lives. */
export interface RootDirectory {
  readonly fd: number;
  /** Absolute and free of links, as the kernel named it when it was opened. */
  readonly path: string;
}

/** Something opened for identity only, together with what the operating system says it is. The holder closes `fd`. */
export interface Located {
  readonly fd: number;
  /** Taken before `answer`; the hard link check depends on that order (see linux.ts). */
  readonly stat: Stats;
  /** Absolute path, from the operating system, not from the client. */
  readonly answer: string;
  /** A link may have been followed to get there. */
  readonly followed: boolean;
}

/** What a platform must offer. Each method throws PathError and leaves no descriptor open when it throws. */
export interface Backend {
  /** @throws {PathError} `root_not_found`, `unsupported` */
  openRoot(path: string): RootDirectory;
  /** The root is still where it was. @throws {PathError} `root_moved` */
  confirmRoot(root: RootDirectory): void;
  /** Opens what a root-relative path names, without side effects on it. */
  locate(root: RootDirectory, relative: string, links: "inside" | "refuse"): Located;
  /** Opens an entry of an open directory; never follows a link. */
  locateChild(parent: Located, name: string): Located;
  /** A path for one system call on an entry of an open directory: create, rename, unlink, lstat. */
  entryPath(parent: Pick<Located, "fd" | "answer">, name: string): string;
  /** A path for listing or syncing an open directory. */
  directoryPath(directory: Located): string;
  /** Turns an identity into a descriptor for reading. Takes over `located.fd`, also when it throws. */
  reopenForReading(located: Located): number;
  /** An identifier of the mount that holds an open object; undefined where the platform has none. */
  mountOf(fd: number): string | undefined;
  /** The mount belongs to this process's namespace. */
  isOwnMount(mount: string): boolean;
}
