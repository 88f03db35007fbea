import { listSegments } from "../folder/segment.ts";

/** A log that is read faster than it rolls over is read whole at the second time. */
const ATTEMPTS = 3;

/**
 * Reads a log that its own server may be deleting from. A segment that was listed and is gone when it is its turn, or one that
 * `pruned.txt` speaks of and that was not there yet, looks as if somebody had removed or made it up. So what is not good is
 * read again when the segments have changed meanwhile; each time all of it, so this excuses nothing.
 *
 * @param attempt has to begin anew each time
 */
export async function besideRetention<T>(
  dir: string,
  attempt: () => Promise<T>,
  good: (result: T) => boolean,
): Promise<T> {
  for (let left = ATTEMPTS - 1; ; left--) {
    const before = segmentsOf(dir);
    const result = await attempt();
    if (good(result) || left === 0 || segmentsOf(dir) === before) return result;
  }
}

function segmentsOf(dir: string): string {
  try {
    return listSegments(dir)
      .map(({ file }) => file)
      .join();
  } catch {
    // The attempt says so.
    return "";
  }
}
