/** Answers that are believed for a while, in bounded memory; the one that came first goes first. */
export interface Answers<T> {
  get(key: string): T | undefined;
  /** @param until on the monotonic clock: a wall clock set back must not make an old answer last */
  put(key: string, answer: T, until: number): void;
}

export function createAnswers<T>(max: number): Answers<T> {
  const held = new Map<string, { readonly answer: T; readonly until: number }>();
  return {
    get(key) {
      const entry = held.get(key);
      if (entry === undefined) return undefined;
      if (performance.now() < entry.until) return entry.answer;
      held.delete(key);
      return undefined;
    },
    put(key, answer, until) {
      held.delete(key);
      const [first] = held.keys();
      if (held.size >= max && first !== undefined) held.delete(first);
      held.set(key, { answer, until });
    },
  };
}
