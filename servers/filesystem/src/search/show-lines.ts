import { endOfLine, type FoundLine, lineText } from "./line-matcher.ts";

/** Most characters shown of one line; minified files have lines of megabytes. */
const MAX_LINE_CHARS = 500;

/**
 * Found lines with their context, as grep shows them: `12:` before a line that was found, `13-` before one around it, `--`
 * where lines are left out. A line is shown once, however many findings it is near.
 */
export function showLines(bytes: Buffer, found: readonly FoundLine[], context: number): string {
  const shown: string[] = [];
  let last = 0;
  for (const [index, here] of found.entries()) {
    const before = linesBefore(bytes, here, Math.min(context, here.line - last - 1));
    const first = before[0]?.line ?? here.line;
    if (context > 0 && last > 0 && first > last + 1) shown.push("--");
    for (const one of before) shown.push(show(bytes, one, "-"));
    shown.push(show(bytes, here, ":"));
    const next = found[index + 1]?.line ?? Number.POSITIVE_INFINITY;
    const after = linesAfter(bytes, here, Math.min(context, next - here.line - 1));
    for (const one of after) shown.push(show(bytes, one, "-"));
    last = here.line + after.length;
  }
  return shown.join("\n");
}

function linesBefore(bytes: Buffer, from: FoundLine, count: number): readonly FoundLine[] {
  const lines: FoundLine[] = [];
  let { line, start } = from;
  while (lines.length < count && start > 0) {
    const end = start - 1;
    start = end === 0 ? 0 : bytes.lastIndexOf(0x0a, end - 1) + 1;
    line--;
    lines.unshift({ line, start, end });
  }
  return lines;
}

function linesAfter(bytes: Buffer, from: FoundLine, count: number): readonly FoundLine[] {
  const lines: FoundLine[] = [];
  let { line, end } = from;
  while (lines.length < count && end + 1 < bytes.length) {
    const start = end + 1;
    end = endOfLine(bytes, start);
    line++;
    lines.push({ line, start, end });
  }
  return lines;
}

function show(bytes: Buffer, { line, start, end }: FoundLine, mark: string): string {
  // Four bytes a character at most; so a long line is not decoded whole.
  const text = lineText(bytes, start, Math.min(end, start + MAX_LINE_CHARS * 4));
  const cut = text.length > MAX_LINE_CHARS || end - start > MAX_LINE_CHARS * 4;
  return `${line}${mark}${cut ? `${text.slice(0, MAX_LINE_CHARS).toWellFormed()}…` : text}`;
}
