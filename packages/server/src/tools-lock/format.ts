import type { Effect } from "../effect.ts";

export const LOCK_VERSION = 1;

// Every part but a word or `untrusted` is a SHA-256 in base64url: see `definitionHash`.
interface LockedEntry {
  readonly scope: string;
  /** The whole, as it stands in the audit log. */
  readonly definition: string;
  readonly description: string;
  readonly audit?: string;
  /** What a refusal says: each error that it may raise. */
  readonly errors?: string;
}

interface LockedTool extends LockedEntry {
  readonly effect: Effect;
  /** Effects joined by commas. */
  readonly milder?: string;
  /** Its answers are not marked as data from outside. Left out: they are. */
  readonly untrusted?: false;
  readonly title?: string;
  readonly input: string;
  readonly output?: string;
  readonly annotations: string;
  readonly pinned?: string;
}

interface LockedPrompt extends LockedEntry {
  readonly title?: string;
  readonly arguments: string;
}

interface LockedResource extends LockedEntry {
  readonly untrusted?: false;
  readonly uri: string;
  readonly mimeType?: string;
}

/** What one way of starting offers, each kind by name. */
export interface LockSection {
  /** `null`: there are none. */
  readonly instructions: string | null;
  readonly tools: Readonly<Record<string, LockedTool>>;
  readonly prompts: Readonly<Record<string, LockedPrompt>>;
  readonly resources: Readonly<Record<string, LockedResource>>;
}

/** The definitions that were reviewed. */
export interface ToolsLock extends LockSection {
  readonly version: typeof LOCK_VERSION;
  /** As it names itself to clients. */
  readonly server: string;
  /** What `--allow-write` adds, and what it makes another. */
  readonly allowWrite?: Partial<LockSection>;
}

/** Two-space JSON: one line for each part, so that a difference between versions reads like the change that it is. */
export function formatLock(lock: ToolsLock): string {
  return `${JSON.stringify(lock, undefined, 2)}\n`;
}
