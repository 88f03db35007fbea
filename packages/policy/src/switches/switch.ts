/** What an operator can turn off while servers run. */
export type Switch =
  /** A tool, prompt or resource by name, of one server or of all: nobody sees it any more. */
  | { readonly kind: "tool"; readonly name: string; readonly server?: string }
  /** An OAuth client by its id, whatever issuer names it: nothing for it any more. */
  | { readonly kind: "client"; readonly client: string }
  /** A subject at its issuer: nothing for it any more, whatever client acts for it. */
  | { readonly kind: "subject"; readonly issuer: string; readonly subject: string }
  /** Reads only, for everyone. */
  | { readonly kind: "read-only" };

/** A switch, and who set it. */
export interface SwitchEntry {
  readonly what: Switch;
  /** The operator, as the operator's own door established. */
  readonly who: string;
  readonly why: string;
  /** When, in milliseconds since the epoch. */
  readonly at: number;
}

const FIELDS: Readonly<
  Record<Switch["kind"], { readonly needed: readonly string[]; readonly optional: readonly string[] }>
> = {
  tool: { needed: ["name"], optional: ["server"] },
  client: { needed: ["client"], optional: [] },
  subject: { needed: ["issuer", "subject"], optional: [] },
  "read-only": { needed: [], optional: [] },
};

/** Longest part of a switch, and of who and why, in characters: keys of the state have 512 bytes. */
const MAX_PART = 120;
const MAX_WORDS = 1_024;

/**
 * One key for one switch.
 *
 * @throws {TypeError} an unknown kind or field, or a part that is empty or too long
 */
export function switchKey(what: Switch): string {
  if (!Object.hasOwn(FIELDS, what.kind)) {
    throw new TypeError(
      `There is no switch "${String(what.kind).slice(0, 32)}". There are: ${Object.keys(FIELDS).join(", ")}.`,
    );
  }
  const { needed, optional } = FIELDS[what.kind];
  const given = what as Readonly<Record<string, unknown>>;
  for (const field of Object.keys(given)) {
    if (field === "kind" || needed.includes(field) || optional.includes(field)) continue;
    // `{ kind: "tool", name: "x", sever: "y" }` would otherwise be the tool of every server.
    throw new TypeError(`The switch "${what.kind}" has no "${field}". It has: ${[...needed, ...optional].join(", ")}.`);
  }
  const parts = [...needed, ...optional].map((field) => {
    const part = given[field];
    if (part === undefined && optional.includes(field)) return null;
    if (typeof part === "string" && part !== "" && Buffer.byteLength(JSON.stringify(part)) <= 2 * MAX_PART) return part;
    throw new TypeError(`The switch "${what.kind}" needs "${field}": text of at most ${MAX_PART} characters.`);
  });
  return JSON.stringify([what.kind, ...parts]);
}

/** @throws {TypeError} no words, or too many */
export function writeEntry({ what, who, why, at }: SwitchEntry): string {
  for (const [name, words] of Object.entries({ who, why })) {
    if (words.trim() !== "" && words.length <= MAX_WORDS) continue;
    throw new TypeError(`A switch needs "${name}" in 1 to ${MAX_WORDS} characters, for whoever finds it set.`);
  }
  return JSON.stringify({ what, who, why, at });
}

/**
 * An entry as {@link writeEntry} wrote it under `key`.
 *
 * @throws {TypeError} anything else: a switch that cannot be read must not count as none
 */
export function readEntry(key: string, value: string): SwitchEntry {
  try {
    const entry = JSON.parse(value) as SwitchEntry;
    if (switchKey(entry.what) === key && writeEntry(entry) === value && Number.isSafeInteger(entry.at)) return entry;
  } catch {
    // Said below, in words that do not repeat what somebody else put there.
  }
  throw new TypeError("The state holds a switch that this version cannot read. Clear it with the version that set it.");
}
