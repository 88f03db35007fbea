/** How long a copy of something remote may be used, in milliseconds. */
export interface Freshness {
  /** From then on a newer one is asked for first. */
  readonly softMs: number;
  /** From then on it is not used any more. */
  readonly hardMs: number;
  /** Between two questions to the other side, whatever is asked of us. */
  readonly coolDownMs: number;
  /** The same, while there is nothing that may be used. */
  readonly retryMs: number;
}

/** A copy of something remote, kept up to date as it is used. */
export interface Refreshed<T> {
  /** The copy; `undefined`: there is none that may be used. Waits for a newer one where it is due. */
  current(): Promise<T | undefined>;
  /** The same, but newer if the other side may be asked again by now. */
  renewed(): Promise<T | undefined>;
  /** Whether the other side did not answer when it was last asked. */
  readonly isAway: boolean;
}

/**
 * Keeps one copy. All who wait wait for the same question; a flood of requests makes one in each `coolDownMs`. By a
 * clock that cannot be set back.
 *
 * @param onFailure is told why the other side gave nothing
 */
export function createRefreshed<T>(
  load: () => Promise<T>,
  { softMs, hardMs, coolDownMs, retryMs }: Freshness,
  onFailure: (error: unknown) => void,
): Refreshed<T> {
  let copy: { readonly value: T; readonly at: number } | undefined;
  let askedAt = Number.NEGATIVE_INFINITY;
  let asking: Promise<void> | undefined;
  let isAway = false;

  const ageMs = (): number => (copy === undefined ? Number.POSITIVE_INFINITY : performance.now() - copy.at);
  const usable = (): T | undefined => (ageMs() < hardMs ? copy?.value : undefined);

  async function ask(): Promise<void> {
    const at = performance.now();
    askedAt = at;
    try {
      copy = { value: await load(), at };
      isAway = false;
    } catch (error) {
      isAway = true;
      onFailure(error);
    } finally {
      asking = undefined;
    }
  }

  async function refresh(): Promise<void> {
    const isDue = performance.now() - askedAt >= (ageMs() < hardMs ? coolDownMs : retryMs);
    if (asking === undefined && isDue) asking = ask();
    await asking;
  }

  return {
    async current() {
      if (ageMs() >= softMs) await refresh();
      return usable();
    },
    async renewed() {
      await refresh();
      return usable();
    },
    get isAway() {
      return isAway;
    },
  };
}
