/** Counts the calls on their way, so that a stopping server knows when the last one has been answered. */
export interface InFlight {
  readonly count: number;
  enter(): void;
  leave(): void;
  /** Resolves when no call is on its way, or after `ms`. */
  idle(ms: number): Promise<void>;
}

export function createInFlight(): InFlight {
  let count = 0;
  const waiting = new Set<() => void>();
  return {
    get count() {
      return count;
    },
    enter() {
      count++;
    },
    leave() {
      count--;
      if (count === 0) for (const done of [...waiting]) done();
    },
    async idle(ms) {
      if (count === 0) return;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(finish, ms);
        function finish(): void {
          clearTimeout(timer);
          waiting.delete(finish);
          resolve();
        }
        waiting.add(finish);
      });
    },
  };
}
