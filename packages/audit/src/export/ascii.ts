const BEYOND = /[^ -~]/;

/** Everything outside printable ASCII as `\uXXXX`: in JSON it means the same, and no terminal or spreadsheet acts on it. */
export function ascii(text: string): string {
  if (!BEYOND.test(text)) return text;
  return text.replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
