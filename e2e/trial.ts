import type { Tool } from "./managers.ts";
import type { Setting } from "./setting.ts";

/** Does a step, and remembers how long it took; where it throws, which one it was. */
export type Step = <Value>(name: string, act: () => Promise<Value> | Value) => Promise<Value>;

/** One thing that is proved. Any of the words of its title selects it. */
export interface Trial {
  readonly title: string;
  /** On the path of the machine that trials share. */
  readonly tools: readonly Tool[];
  /** @throws {Skipped} this machine has not what it takes; @throws {Error} it is not as it should be */
  run(setting: Setting, step: Step): Promise<void>;
}

/** What a trial stands on is not on this machine, so nothing is proved: neither passed nor failed. */
export class Skipped extends Error {}

/** How a trial went. */
export interface Tried {
  readonly title: string;
  /** Milliseconds of each step that was done. */
  readonly ms: ReadonlyMap<string, number>;
  /** Why nothing was proved. */
  readonly skipped?: string;
  /** The step that failed, and why. */
  readonly failure?: { readonly step: string; readonly why: string };
}

/** Runs a trial; does not throw. */
export async function attempt(trial: Trial, setting: Setting): Promise<Tried> {
  const { title } = trial;
  const ms = new Map<string, number>();
  let at = "start";
  const step: Step = async (name, act) => {
    at = name;
    const startedAt = performance.now();
    const value = await act();
    ms.set(name, (ms.get(name) ?? 0) + performance.now() - startedAt);
    return value;
  };
  try {
    await trial.run(setting, step);
    return { title, ms };
  } catch (error) {
    if (error instanceof Skipped) return { title, ms, skipped: error.message };
    return { title, ms, failure: { step: at, why: error instanceof Error ? error.message : String(error) } };
  }
}
