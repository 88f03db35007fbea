import { onDemand } from "../on-demand.ts";
import { type Attributes, isHidden } from "./hidden-elements.ts";
import { createTextWriter } from "./text-writer.ts";

export interface HtmlToTextOptions {
  /** Where the page is: relative links are shown whole. Without it they are shown as their text alone. */
  readonly base?: URL;
  /** UTF-16 units of the result. Default 1 MiB. */
  readonly maxLength?: number;
}

export interface HtmlText {
  readonly text: string;
  /** Of the page's head, where there is one. */
  readonly title?: string;
  /** The page was too long or too deep, or its text too long; the end is missing. */
  readonly cut: boolean;
}

/** Elements within each other; browsers stop near 512 as well. The parser looks through all open ones at each end tag. */
const MAX_DEPTH = 512;
/** Read in pieces, so that a page that is too deep is noticed before it has cost anything. */
const PIECE = 8 * 1024;
/** UTF-16 units that are read at all: a hostile page costs up to half a second for each million (measured), on the only thread. */
const MAX_INPUT = 2 * 1024 * 1024;
const MAX_LENGTH = 1024 * 1024;
const [MAX_TITLE, MAX_LINK] = [512, 2048];

/** Line breaks before and after. */
const BLOCKS: ReadonlyMap<string, 1 | 2> = new Map([
  ...["p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "table", "blockquote", "pre", "figure", "hr"].map(
    (name) => [name, 2] as const,
  ),
  ...[
    "div",
    "section",
    "article",
    "main",
    "header",
    "footer",
    "nav",
    "aside",
    "address",
    "li",
    "dt",
    "dd",
    "tr",
    "caption",
  ].map((name) => [name, 1] as const),
  ...[
    "form",
    "fieldset",
    "legend",
    "figcaption",
    "details",
    "summary",
    "option",
    "body",
    "center",
    "dialog",
    "hgroup",
  ].map((name) => [name, 1] as const),
]);

/**
 * What a reader sees of a page, as text: blocks on lines, list marks, cells with a bar between, links with their address.
 *
 * Nothing is loaded and nothing run. Hidden elements are left out, see {@link isHidden}. By a tokenizer that calls back (htmlparser2),
 * without a tree: html-to-text, on the same parser, overflows the stack on 2,000 nested lists, takes 6.6 seconds for 80,000 open
 * elements with as many end tags of others, and shows what is hidden (measured).
 *
 * @param html read up to two million characters
 */
export function htmlToText(html: string, options: HtmlToTextOptions = {}): HtmlText {
  const page = createPage(options);
  const { Parser } = onDemand.htmlparser2();
  const parser = new Parser(page.handler, { decodeEntities: true, lowerCaseTags: true });
  const end = Math.min(html.length, MAX_INPUT);
  for (let at = 0; at < end && !page.isDone(); at += PIECE) parser.write(html.slice(at, Math.min(at + PIECE, end)));
  if (!page.isDone()) parser.end();
  const result = page.result();
  return end < html.length ? { ...result, cut: true } : result;
}

function createPage({ base, maxLength = MAX_LENGTH }: HtmlToTextOptions) {
  const writer = createTextWriter(maxLength);
  let depth = 0;
  let tooDeep = false;
  /** Depth of the outermost hidden element; 0: none. */
  let hiddenAt = 0;
  /** Depth of the head while it is open. */
  let headAt = 0;
  let preformatted = 0;
  let inTitle = false;
  let title = "";
  /** Addresses of the links that are open, innermost last. */
  const links: (string | undefined)[] = [];
  let cells = 0;

  function opened(name: string, attributes: Attributes): void {
    const lines = BLOCKS.get(name);
    if (lines !== undefined) writer.breakLine(lines);
    if (name === "br") writer.breakLine(1);
    if (name === "li") writer.mark("- ");
    if (name === "tr") cells = 0;
    if ((name === "td" || name === "th") && cells++ > 0) writer.mark(" | ");
    if (name === "pre") preformatted++;
    if (name === "a") links.push(addressOf(attributes["href"], base));
  }

  function closed(name: string): void {
    if (name === "a") {
      const address = links.pop();
      if (address !== undefined) writer.mark(` (${address})`);
    }
    if (name === "pre") preformatted--;
    const lines = BLOCKS.get(name);
    if (lines !== undefined) writer.breakLine(lines);
  }

  return {
    handler: {
      onopentag(name: string, attributes: Attributes) {
        depth++;
        if (tooDeep) return;
        if (depth > MAX_DEPTH) tooDeep = true;
        // A drawing has titles too.
        else if (name === "title" && title === "" && hiddenAt === headAt) inTitle = true;
        else if (hiddenAt === 0 && isHidden(name, attributes)) {
          hiddenAt = depth;
          if (name === "head") headAt = depth;
        } else if (hiddenAt === 0) opened(name, attributes);
      },
      onclosetag(name: string) {
        if (!tooDeep) {
          if (name === "title") inTitle = false;
          else if (hiddenAt === depth) hiddenAt = headAt = 0;
          else if (hiddenAt === 0) closed(name);
        }
        depth--;
      },
      ontext(content: string) {
        if (tooDeep) return;
        if (inTitle) title = (title + content).slice(0, MAX_TITLE);
        else if (hiddenAt === 0) writer.text(content, preformatted > 0);
      },
    },
    isDone: () => tooDeep || writer.isFull(),
    result(): HtmlText {
      const heading = title.replaceAll(/\s+/g, " ").trim();
      return { text: writer.result(), ...(heading === "" ? {} : { title: heading }), cut: tooDeep || writer.isFull() };
    },
  };
}

/** An address that is shown: http or https, without a user, and short. Scripts, data and mail addresses are not. */
function addressOf(href: string | undefined, base: URL | undefined): string | undefined {
  const url = href === undefined ? null : URL.parse(href, base?.href);
  if (url === null || !(url.protocol === "https:" || url.protocol === "http:")) return undefined;
  return url.username === "" && url.password === "" && url.href.length <= MAX_LINK ? url.href : undefined;
}
