/** Something that was done to `path` of the project, and how it is undone. */
export interface Step {
  readonly path: string;
  readonly undo: () => void;
}

export type Journal = Step[];

/** What could not be undone, and the first reason why. */
export interface Stuck {
  readonly paths: readonly string[];
  readonly why: unknown;
}

/**
 * Undoes everything, the last first. One that fails keeps no other from being tried: what was moved aside is somebody's.
 *
 * @returns `undefined`: all is as it was
 */
export function undoAll(journal: Journal): Stuck | undefined {
  const stuck: { readonly path: string; readonly why: unknown }[] = [];
  for (const { path, undo } of [...journal].reverse()) {
    try {
      undo();
    } catch (why) {
      stuck.push({ path, why });
    }
  }
  return stuck.length === 0 ? undefined : { paths: [...new Set(stuck.map(({ path }) => path))], why: stuck[0]?.why };
}
