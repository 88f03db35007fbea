import { CHOICE_NAMES, type Chosen, valuesOf } from "../options/choices.ts";

/** `transport=http,both` holds where one of them was chosen; `auth!=none` where none of them was. */
const TERM = /^([a-z]+)(!?=)([a-z0-9,-]+)$/;

/**
 * Whether every term holds.
 *
 * @throws {Error} a choice or a value that is none: a typo in a template would leave a part out, or in, for ever
 */
export function holds(terms: string, chosen: Chosen): boolean {
  return terms
    .trim()
    .split(/\s+/)
    .map((term) => termHolds(term, chosen))
    .every((one) => one);
}

function termHolds(term: string, chosen: Chosen): boolean {
  const [, word, sign, list = ""] = TERM.exec(term) ?? [];
  const name = CHOICE_NAMES.find((one) => one === word);
  if (name === undefined) throw new Error(`${JSON.stringify(term)} is no condition.`);
  const values = list.split(",");
  const wrong = values.find((value) => !valuesOf(name).includes(value));
  if (wrong !== undefined) throw new Error(`${JSON.stringify(term)}: ${name} is never ${JSON.stringify(wrong)}.`);
  return values.includes(chosen[name]) === (sign === "=");
}
