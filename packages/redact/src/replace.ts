import type { Span } from "./span.ts";

/** What stands in place of something redacted: its kind, never a part of it. */
export function markOf(kind: string): string {
  return `[redacted:${kind}]`;
}

const MARK_START = "[redacted:";
const MARK = /\[redacted:([a-z0-9_]{1,40})\]/y;

/**
 * Adds the marks that are in the text already. Treated like any other find, a mark that touches a new find is swallowed
 * whole instead of being cut in two, and a mark that is found again stays as it is.
 */
export function findMarks(text: string, found: Span[]): void {
  for (let at = text.indexOf(MARK_START); at !== -1; at = text.indexOf(MARK_START, at + 1)) {
    MARK.lastIndex = at;
    const kind = MARK.exec(text)?.[1];
    if (kind !== undefined) found.push({ start: at, end: MARK.lastIndex, kind });
  }
}

/** Replaces every stretch by its mark; stretches that overlap become one, so that no end of a secret sticks out. */
export function replaceSpans(text: string, found: Span[]): string {
  if (found.length === 0) return text;
  const sorted = found.toSorted((a, b) => a.start - b.start || b.end - a.end);
  const parts: string[] = [];
  let done = 0;
  let open: Span | undefined;
  function close(): void {
    if (open === undefined) return;
    parts.push(text.slice(done, open.start), markOf(open.kind));
    done = open.end;
  }
  for (const span of sorted) {
    if (open !== undefined && span.start < open.end) {
      if (span.end > open.end) open = { ...open, end: span.end };
    } else {
      close();
      open = span;
    }
  }
  close();
  parts.push(text.slice(done));
  const replaced = parts.join("");
  return replaced === text ? text : replaced;
}
