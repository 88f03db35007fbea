import { type OpenDirectory, type OpenFile, PathError, type Root, type SafePath } from "@hardened-mcp/safe-path";
import type { FilesContext } from "../context.ts";
import type { Glob } from "../glob/glob.ts";
import { absolutePath, inRoots } from "../roots/in-roots.ts";
import type { List } from "../walk/listings.ts";
import { type WalkGaps, walk } from "../walk/walk.ts";

/** A file to search. */
export interface SearchTarget {
  /** Below the start; empty when the start itself is the file. */
  readonly path: string;
  /** @throws {PathError} when it may not be read or is gone */
  open(): OpenFile;
}

/** Files to search, one after another. */
export interface OpenSearch extends Disposable {
  /** Absolute path of the start. */
  readonly base: string;
  readonly targets: Iterable<SearchTarget>;
}

interface Selection {
  readonly leaveOut: Glob["matches"];
  readonly include: Glob["matches"];
  readonly gaps: WalkGaps;
  /** The file a page ended in; it comes first. */
  readonly resume: string | undefined;
}

/** Opens a directory for searching, or one file. @throws {PathError} as `openFile` and `openDirectory` */
export function openSearch(context: FilesContext, input: string, selection: Selection): OpenSearch {
  return inRoots(context.roots, input, (root, path) => {
    const start = openEither(root, path);
    const base = absolutePath(root, start.path);
    const targets =
      start.kind === "file" ? [{ path: "", open: () => start }] : targetsBelow(start, context.list, selection);
    return { base, targets, [Symbol.dispose]: () => start.close() };
  });
}

function openEither(root: Root, path: SafePath): OpenDirectory | OpenFile {
  try {
    return root.openDirectory(path);
  } catch (error) {
    // Only where the last name is no directory, so that the file is what the path itself names.
    if (!(error instanceof PathError && error.code === "not_a_directory" && error.cause === undefined)) throw error;
    return root.openFile(path);
  }
}

function* targetsBelow(
  start: OpenDirectory,
  list: List,
  { leaveOut, include, gaps, resume }: Selection,
): Generator<SearchTarget, void> {
  const after = resume?.split("/");
  for (const { parent, above, name, type } of walk(start, { after, inclusive: true, leaveOut, list, gaps })) {
    if (type !== "file" || !include(above, name)) continue;
    yield {
      path: above.length === 0 ? name : `${above.join("/")}/${name}`,
      open() {
        const child = parent.child(name);
        if (child.kind === "file") return child;
        child.close();
        throw new PathError("not_a_file");
      },
    };
  }
}
