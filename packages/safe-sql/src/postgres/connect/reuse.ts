import type { Step } from "../wire/batch.ts";

/** Statements that one connection keeps prepared, since they are asked again: the server then neither parses nor analyses them anew. */
export interface Reuse {
  /** The step, by name where its text was seen before. */
  named(step: Step): Step;
  /** Names that the server can forget. */
  forgotten(): readonly string[];
  /** After a failure it is not known which of them are there, nor whether one fits the tables any more. */
  forget(steps: readonly Step[]): void;
}

/** Each costs the server some tens of kilobytes. */
const MAX_STATEMENTS = 64;
const MAX_TEXT = 4000;

export function createReuse(): Reuse {
  const names = new Map<string, string | undefined>();
  let old: string[] = [];
  let count = 0;
  const keyOf = ({ statement, reuse }: Step): string | undefined =>
    reuse !== undefined && statement.text !== undefined && statement.text.length <= MAX_TEXT
      ? `${reuse} ${statement.text}`
      : undefined;

  function remember(key: string, name: string | undefined): void {
    names.delete(key);
    names.set(key, name);
    const [oldest] = names;
    if (names.size <= MAX_STATEMENTS || oldest === undefined) return;
    names.delete(oldest[0]);
    if (oldest[1] !== undefined) old.push(oldest[1]);
  }

  return {
    named(step) {
      const key = keyOf(step);
      if (key === undefined || step.statement.text === undefined) return step;
      const known = names.get(key);
      // Most texts are asked once: only the second time is worth a name.
      const isSecond = known === undefined && names.has(key);
      const name = isSecond ? `hm_${count++}` : known;
      remember(key, name);
      if (name === undefined) return step;
      return { ...step, statement: isSecond ? { prepared: name, text: step.statement.text } : { prepared: name } };
    },
    forgotten() {
      const all = old;
      old = [];
      return all;
    },
    forget(steps) {
      for (const step of steps) {
        const key = keyOf(step);
        const name = key === undefined ? undefined : names.get(key);
        if (key === undefined || name === undefined) continue;
        names.delete(key);
        old.push(name);
      }
    },
  };
}
