import { createRedactor, findHidden } from "@hardened-mcp/redact";
import { seemsInstruction } from "./instructions.ts";

/** Nobody reads more of one text, and the expressions below see no more. */
const MAX_READ = 16 * 1024;

const cleaner = createRedactor({ secrets: { shapes: false }, hidden: "remove" });

/**
 * A text of a document as a model may read it, at most `most` UTF-16 code units, or nothing: without hidden characters, terminal sequences,
 * HTML (a comment is invisible to whoever reads the rendered page) and link targets. A text that gives orders is not shown at all.
 */
export function plainText(text: unknown, most: number): string | undefined {
  const clean = cleanText(text, most);
  return clean === undefined || givesOrders(text, clean) ? undefined : clean;
}

/** Asked of the text as it came, for what stands in markup, and as it leaves, for what removing brought together. */
export function givesOrders(text: unknown, clean: string): boolean {
  return seemsInstruction(clean) || (text !== clean && seemsInstruction(String(text)));
}

/** A name of a document on one line, for a person: on a terminal, in a report. */
export function shownName(name: string, most: number): string | undefined {
  return cleanText(name, most)?.replaceAll(/\s+/g, " ");
}

/** The same, without a look at what it says. */
export function cleanText(text: unknown, most: number): string | undefined {
  if (typeof text !== "string") return undefined;
  const seen = withoutHidden(text.slice(0, MAX_READ));
  const short = shorten(tidy(stripMarkup(seen)), most);
  // What was removed may have stood between two halves.
  const clean = short === seen ? seen : withoutHidden(short);
  return clean === "" ? undefined : clean;
}

/** What a terminal may be given: one line, of what a person sees. */
export function plainLine(text: string): string {
  return withoutHidden(text).replaceAll(/[\t\r\n\u2028\u2029]/g, " ");
}

/** Removing may bring together what is hidden only together, such as two halves of a pair. */
function withoutHidden(text: string): string {
  let clean = text;
  for (let pass = 0; findHidden(clean).length > 0; pass++) {
    if (pass === 4) return "";
    clean = cleaner.text(clean);
  }
  return clean;
}

function tidy(text: string): string {
  // None of them meets a space or a line end that is to stay: a document has a hundred thousand of those.
  return text
    .replaceAll(/[ \t]{2,}|\t/g, " ")
    .replaceAll(/ \r?\n ?|\r\n ?|\n /g, "\n")
    .replaceAll(/\n{3,}/g, "\n\n")
    .trim();
}

function stripMarkup(text: string): string {
  if (!/[<[]/.test(text)) return text;
  return text
    .replaceAll(/<!--[\s\S]*?(?:-->|$)/g, "")
    .replaceAll(/!?\[([^[\]\n]{0,300})\]\([^()\s]{0,2000}[^()\n]{0,200}\)/g, "$1")
    .replaceAll(/<\/?[a-zA-Z][^<>]{0,500}>/g, " ");
}

/** Ends with a paragraph or a sentence where one ends in the second half, else with a word. */
function shorten(text: string, most: number): string {
  if (text.length <= most) return text;
  const cut = text.slice(0, most - 4);
  const end = Math.max(cut.lastIndexOf("\n\n"), cut.lastIndexOf(". ") + 1, cut.lastIndexOf(".\n") + 1);
  if (end > most / 2) return cut.slice(0, end).trimEnd();
  const space = cut.lastIndexOf(" ");
  return `${cut.slice(0, space > most / 2 ? space : cut.length).trimEnd()} ...`;
}
