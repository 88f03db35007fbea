/** Collects text as a page lays it out: blanks run together, blocks begin on a line of their own. */
export interface TextWriter {
  /** @param keepBlanks as within `pre` */
  text(content: string, keepBlanks: boolean): void;
  /** At least so many line breaks before what comes next; 2 is an empty line. */
  breakLine(lines: 1 | 2): void;
  /** Something of ours, such as the mark of a list element. */
  mark(content: string): void;
  /** Nothing more is taken. */
  isFull(): boolean;
  result(): string;
}

/** @param maxLength UTF-16 units of the whole */
export function createTextWriter(maxLength: number): TextWriter {
  const parts: string[] = [];
  let length = 0;
  let lines = 0;
  let blank = false;
  let full = false;

  function put(content: string): void {
    const gap = parts.length === 0 ? "" : lines > 0 ? "\n".repeat(lines) : blank ? " " : "";
    [lines, blank] = [0, false];
    const room = maxLength - length;
    const piece = gap + content;
    full ||= piece.length > room;
    // A pair that is cut in two would be no text.
    const kept = piece.length > room ? piece.slice(0, room).toWellFormed() : piece;
    parts.push(kept);
    length += kept.length;
  }

  return {
    text(content, keepBlanks) {
      if (full || content === "") return;
      if (keepBlanks) {
        put(content);
        return;
      }
      const collapsed = content.replaceAll(/[ \t\n\f\r]+/g, " ");
      const inner = collapsed.startsWith(" ") ? collapsed.slice(1) : collapsed;
      if (inner !== collapsed) blank = true;
      const words = inner.endsWith(" ") ? inner.slice(0, -1) : inner;
      if (words === "") return;
      put(words);
      blank = words !== inner;
    },
    breakLine(count) {
      lines = Math.max(lines, count);
    },
    mark(content) {
      if (!full) put(content);
    },
    isFull: () => full,
    result: () => parts.join(""),
  };
}
