/**
 * Text from outside, safe for a terminal: everything but printable ASCII is shown as `\u{...}`. A folder's name or a
 * forged log must not be able to clear the screen that says "tampered".
 */
export function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/gu, (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`);
}

/** {@link printable} for text of several lines, which stay lines; tabs become two spaces. */
export function printableLines(text: string): readonly string[] {
  return text.split(/\r?\n/).map((line) => printable(line.replaceAll("\t", "  ")));
}

/** JSON in ASCII, ends with a line feed. JSON itself lets C1 controls and marks of direction through to the terminal. */
export function asciiJson(value: unknown): string {
  const json = JSON.stringify(value, null, 2);
  return `${json.replace(/[^\n\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)}\n`;
}
