/**
 * Makes room for at least one key, and for a tenth of them at a time, so that a flood of new keys pays for the sorting
 * only once in many calls.
 *
 * Keys that have their whole budget again are the same as keys never seen. Only when those are too few do keys that
 * still owe something go, the smallest debt first.
 *
 * @param fullAt for each key, when it has its whole budget again
 */
export function forgetIdlest(fullAt: Map<string, number>, now: number): void {
  const enough = Math.ceil(fullAt.size * 0.9) - 1;
  for (const [key, at] of fullAt) if (at <= now) fullAt.delete(key);
  if (fullAt.size <= enough) return;

  const times = Float64Array.from(fullAt.values()).sort();
  let excess = fullAt.size - enough;
  const limit = times[excess - 1] ?? now;
  for (const [key, at] of fullAt) {
    if (at > limit) continue;
    fullAt.delete(key);
    excess--;
    if (excess === 0) return;
  }
}
