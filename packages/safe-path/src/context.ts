import type { Backend, RootDirectory } from "./backend.ts";
import type { FullRootOptions } from "./options.ts";
import type { ParseRules } from "./parse.ts";

/** Everything an operation on an open root needs. */
export interface RootContext {
  readonly backend: Backend;
  /** Throws `closed` once the root is closed: by then its descriptor number may be another file's. */
  readonly directory: RootDirectory;
  readonly options: FullRootOptions;
  readonly rules: ParseRules;
  /** The root's mount; undefined where the platform names none. */
  readonly mount: string | undefined;
}
