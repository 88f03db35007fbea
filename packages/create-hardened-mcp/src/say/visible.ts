/** What a terminal acts upon, or nobody sees: controls, directions of text, line separators, halves of characters. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** Whether a text has a character that is not shown as what it is. */
export function hasUnseen(text: string): boolean {
  return text.search(UNSEEN) >= 0;
}

/**
 * A text of one line as it may be shown: the name of a folder could clear the screen, forge a line of ours, or turn a path around.
 */
export function visible(text: string): string {
  return text.replace(UNSEEN, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}

/** JSON that is the same to a parser and harmless to a terminal; its own line ends stay. */
export function visibleJson(value: unknown): string {
  // An escape of JSON is a unit of UTF-16 at a time. Outside of strings nothing but the line ends matches.
  return JSON.stringify(value, undefined, 2).replace(UNSEEN, (character) =>
    character === "\n"
      ? character
      : character
          .split("")
          .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
          .join(""),
  );
}

/** One JSON object for programs, as a whole answer. */
export function jsonOf(value: object): string {
  return `${visibleJson(value)}\n`;
}
