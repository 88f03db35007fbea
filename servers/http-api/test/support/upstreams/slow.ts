import { type HttpUpstream, httpUpstream, json } from "./http-upstream.ts";

export interface Slow extends HttpUpstream {
  /** Requests that wait for their answer now. */
  waiting(): number;
  /** The most that waited at one time. */
  peak(): number;
  /** Resolves once `count` requests wait at the same time. */
  reached(count: number): Promise<void>;
  /** Answers all that wait now; those that come later wait again. */
  release(): void;
}

/** Answers when told to: for limits on what is under way, without a clock. */
export async function slow(host?: string): Promise<Slow> {
  const held = new Set<() => void>();
  const hopes: { readonly count: number; readonly resolve: () => void }[] = [];
  let peak = 0;
  const upstream = await httpUpstream(async ({ target }) => {
    await new Promise<void>((resolve) => {
      held.add(resolve);
      peak = Math.max(peak, held.size);
      for (const hope of hopes) if (held.size >= hope.count) hope.resolve();
    });
    return json({ target });
  }, host);
  return {
    ...upstream,
    waiting: () => held.size,
    peak: () => peak,
    reached: (count) =>
      new Promise((resolve) => {
        if (held.size >= count) resolve();
        else hopes.push({ count, resolve });
      }),
    release() {
      for (const resolve of held) resolve();
      held.clear();
    },
  };
}
