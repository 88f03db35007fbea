import { PathError, type PathErrorCode } from "./errors.ts";

/**
 * What a server answers its client with for each error: a word for programs. Which protection refused, and whether there is something
 * where a path leads, would tell a prober what lies where: those are all `denied`. `undefined`: only a start can meet it, so in an
 * answer it is a fault of the server.
 */
export const PATH_PUBLIC_CODES = {
  not_found: "not_found",
  not_a_directory: "not_found",
  outside_root: "denied",
  link: "denied",
  special_file: "denied",
  hard_link: "denied",
  denied_name: "denied",
  other_mount: "denied",
  permission: "denied",
  too_deep: "invalid_input",
  too_long: "invalid_input",
  invalid_name: "invalid_input",
  not_a_file: "invalid_input",
  not_empty: "conflict",
  exists: "conflict",
  too_large: "too_large",
  io: "unavailable",
  closed: "unavailable",
  root_moved: "unavailable",
  invalid_option: undefined,
  root_not_found: undefined,
  root_too_broad: undefined,
  unsupported: undefined,
} as const satisfies Readonly<Record<PathErrorCode, string | undefined>>;

/** See {@link PATH_PUBLIC_CODES}. */
export type PathPublicCode = NonNullable<(typeof PATH_PUBLIC_CODES)[PathErrorCode]>;

/** What may be told of an error. */
export interface PublicPathError {
  readonly code: PathPublicCode;
  /** The same for errors that must not be told apart. Holds no path. */
  readonly message: string;
  /** Which error it was, for the record, not for the client: `path/link`. */
  readonly rule: `path/${PathErrorCode}`;
}

const ALIKE: Readonly<Partial<Record<PathPublicCode, string>>> = {
  not_found: "There is nothing by that name.",
  denied: "This path is in no served folder, or is of a kind that is not served.",
  unavailable: "The folder cannot be used at the moment.",
};

/** What a client may be told of an error; `undefined` where that is nothing but that there was one. */
export function publicErrorOf(error: unknown): PublicPathError | undefined {
  if (!(error instanceof PathError)) return undefined;
  const code = PATH_PUBLIC_CODES[error.code];
  return code === undefined ? undefined : { code, message: ALIKE[code] ?? error.message, rule: `path/${error.code}` };
}
