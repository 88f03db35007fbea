export type { CreateOptions, RenameOptions } from "./change.ts";
export { DEFAULT_DENY } from "./default-deny.ts";
export type { EntryInfo, EntryType } from "./entry.ts";
export { PATH_ERROR_MEANINGS, PathError, type PathErrorCode } from "./errors.ts";
export type { ListedEntry, Listing, OpenDirectory } from "./open-directory.ts";
export type { OpenFile, OpenFileOptions } from "./open-file.ts";
export { DEFAULT_ROOT_OPTIONS, type RootOptions } from "./options.ts";
export type { SafePath } from "./parse.ts";
export { openRoot, type Root } from "./root.ts";
