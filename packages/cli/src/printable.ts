/**
 * Text from outside, safe for a terminal: everything but printable ASCII is shown as `\u{...}`. A folder's name or a
 * forged log must not be able to clear the screen that says "tampered".
 */
export function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/gu, (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`);
}
