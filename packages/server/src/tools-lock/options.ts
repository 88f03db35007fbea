/** Which reviewed definitions a start is held to. */
export interface ToolsLockOptions {
  /** The file, as `--write-tools-lock` writes it. */
  readonly file: string;
  /** This start offers what changes something, too: what the lock says of `--allow-write` is expected. Default false. */
  readonly allowWrite?: boolean;
  /**
   * Go on where something is not what was reviewed, or the lock cannot be used: for development. It is logged, and on record as
   * a weakening. Default false.
   */
  readonly dangerouslyAllowDrift?: boolean;
  /** What a refusal tells the operator to run after a review. Default: the same command with --write-tools-lock. */
  readonly writeWith?: string;
}

/** Every key of {@link ToolsLockOptions}; the compiler holds the list complete. */
export const TOOLS_LOCK_OPTIONS: Readonly<Record<keyof ToolsLockOptions, true>> = {
  file: true,
  allowWrite: true,
  dangerouslyAllowDrift: true,
  writeWith: true,
};

export const DRIFT_FLAG = "--dangerously-allow-tool-drift";
export const WRITE_WITH = "the same command with --write-tools-lock";
