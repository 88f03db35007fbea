/**
 * All addresses that a name leads to now.
 *
 * @throws {SafeFetchError} `unreachable`: to none, or it cannot be told; the signal's reason, once nobody has to wait any more
 */
export type LookUp = (host: string, signal: AbortSignal) => Promise<readonly string[]>;

/** A name that is looked up, or will be, for all who wait for it. */
interface Name extends PromiseWithResolvers<readonly string[]> {
  waiting: number;
  hasBegun: boolean;
}

/**
 * At most `most` look-ups at once, the rest in the order in which they were asked for; one for all who ask for the same name meanwhile.
 * Nothing is kept after it: who comes later asks anew. A look-up that nobody waits for any more does not begin, and one that has begun
 * keeps its place until it ends, since that is as long as it takes a thread.
 */
export function sharedLookUps(ask: (host: string) => Promise<readonly string[]>, most: number): LookUp {
  const names = new Map<string, Name>();
  let running = 0;

  function begin(): void {
    for (const [host, name] of names) {
      if (running >= most) return;
      if (name.hasBegun) continue;
      name.hasBegun = true;
      running++;
      const ended = () => {
        running--;
        names.delete(host);
        begin();
      };
      name.promise.then(ended, ended);
      ask(host).then(name.resolve, name.reject);
    }
  }

  return async (host, signal) => {
    signal.throwIfAborted();
    const name = names.get(host) ?? { ...Promise.withResolvers<readonly string[]>(), waiting: 0, hasBegun: false };
    names.set(host, name);
    name.waiting++;
    begin();
    const gone = Promise.withResolvers<never>();
    const leave = () => gone.reject(signal.reason);
    signal.addEventListener("abort", leave, { once: true });
    try {
      return await Promise.race([name.promise, gone.promise]);
    } finally {
      signal.removeEventListener("abort", leave);
      name.waiting--;
      if (name.waiting === 0 && !name.hasBegun) names.delete(host);
    }
  };
}
