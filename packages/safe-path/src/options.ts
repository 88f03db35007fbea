import { DEFAULT_DENY } from "./default-deny.ts";
import { PathError } from "./errors.ts";

/** How a root treats what it finds. Every field has a safe default, see `DEFAULT_ROOT_OPTIONS`. */
export interface RootOptions {
  /** Shown to people instead of the path. Default: the last name of the root's path. */
  readonly name?: string;
  /** `inside`: links are followed if they end inside the root. `refuse`: no link anywhere on the path. */
  readonly links?: "inside" | "refuse";
  /** A file with more than one name may be someone else's; pnpm's node_modules is full of them. */
  readonly hardLinks?: "refuse" | "allow";
  /** Whether other mounts below the root are entered; bind mounts of the same file system are mounts too. */
  readonly mounts?: "allow" | "refuse";
  /** Name patterns that replace `DEFAULT_DENY`; grammar there. */
  readonly deny?: readonly string[];
  /** Most segments in a path. */
  readonly maxDepth?: number;
  /** Longest path a client may send, in UTF-8 bytes. */
  readonly maxPathBytes?: number;
  /** Refuse names that Windows would take for something else. Default: only on Windows. */
  readonly windowsNames?: boolean;
  /** Accept `/`, a home directory, a world-writable directory or a system tree as the root. */
  readonly dangerouslyAllowBroadRoot?: boolean;
}

export const DEFAULT_ROOT_OPTIONS = Object.freeze({
  links: "inside",
  hardLinks: "refuse",
  mounts: "allow",
  deny: DEFAULT_DENY,
  maxDepth: 32,
  maxPathBytes: 4096,
  windowsNames: process.platform === "win32",
  dangerouslyAllowBroadRoot: false,
} as const satisfies RootOptions);

/** Options with nothing left out. */
export type FullRootOptions = Required<Omit<RootOptions, "name">> & Pick<RootOptions, "name">;

const CHECKS: Readonly<Record<keyof RootOptions, (value: unknown) => boolean>> = {
  name: (value) => typeof value === "string" && value !== "",
  links: (value) => value === "inside" || value === "refuse",
  hardLinks: (value) => value === "refuse" || value === "allow",
  mounts: (value) => value === "allow" || value === "refuse",
  deny: Array.isArray,
  maxDepth: isCount,
  maxPathBytes: isCount,
  windowsNames: isBoolean,
  dangerouslyAllowBroadRoot: isBoolean,
};

/**
 * Fills in defaults. An unknown key is an error, because a typo (`hardlinks`) must not leave a protection unset.
 *
 * @throws {PathError} `invalid_option`; the `cause` names the option
 */
export function completeOptions(options: RootOptions): FullRootOptions {
  for (const [key, value] of Object.entries(options)) {
    const check = Object.hasOwn(CHECKS, key) ? CHECKS[key as keyof RootOptions] : undefined;
    if (check === undefined) throw invalid(`unknown option "${key}"; known: ${Object.keys(CHECKS).join(", ")}`);
    if (value !== undefined && !check(value)) throw invalid(`option "${key}" has a value that is not allowed`);
  }
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  return { ...DEFAULT_ROOT_OPTIONS, ...given };
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) > 0;
}

function isBoolean(value: unknown): boolean {
  return typeof value === "boolean";
}

function invalid(why: string): PathError {
  return new PathError("invalid_option", new TypeError(why));
}
