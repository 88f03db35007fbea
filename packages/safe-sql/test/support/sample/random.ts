/** A seeded source of numbers: the same seed gives the same numbers on every machine, so that a failure can be run again. */
export interface Random {
  /** An integer from 0 up to, and without, `below`. */
  int(below: number): number;
  pick<T>(list: readonly T[]): T;
  /** True once in `n` times. */
  oneIn(n: number): boolean;
}

/** Mulberry32: 32 bits of state, good enough for data and for fuzzing, a few nanoseconds a draw. */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  const int = (below: number): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4_294_967_296) * below);
  };
  return { int, pick: (list) => list[int(list.length)] as (typeof list)[number], oneIn: (n) => int(n) === 0 };
}
