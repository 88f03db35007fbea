import { withDeadline } from "@hardened-mcp/limits";
import type { SafeResponse } from "@hardened-mcp/safe-fetch";
import { CallError } from "@hardened-mcp/server";
import { htmlToText } from "../html/to-text.ts";
import { type MediaType, mediaTypeOf } from "../http/media-type.ts";
import { UpstreamError } from "../model/exchange.ts";
import { decodeText } from "../response/decode-text.ts";
import type { Pages } from "./pages.ts";
import { pageRefusal, pageStatusRefusal } from "./refusal.ts";

/** A page, as text that can be read. */
export interface ReadPage {
  /** Where it came from, after redirects. */
  readonly url: string;
  readonly contentType: string;
  readonly title: string | undefined;
  readonly text: string;
  /** Its end is missing: it was too deep, or too long. */
  readonly isCut: boolean;
}

const HEADERS = {
  accept: "text/html,application/xhtml+xml,text/plain;q=0.9,text/markdown;q=0.9,application/json;q=0.8,text/*;q=0.5",
} as const;

/** Types that are text, and no instructions to a reader's program. */
const TEXT = /^text\/(?!event-stream$)|^application\/(?:json|xml|xhtml\+xml|yaml|javascript)$|\+(?:json|xml|yaml)$/;
const HTML = /^(?:text\/html|application\/xhtml\+xml)$/;

/**
 * Reads a page. Nothing it refers to is loaded, and nothing of the caller is sent but the URL.
 *
 * @throws {CallError} see `pageRefusal`; `denied` where it is no text
 */
export async function readPage(pages: Pages, url: string, signal: AbortSignal): Promise<ReadPage> {
  using deadline = withDeadline(pages.deadlineMs, signal);
  try {
    return await inPlace(pages, deadline.signal, async () => {
      const response = await pages.request(url, { headers: HEADERS, signal: deadline.signal });
      try {
        return await readable(response);
      } finally {
        // Where nothing is left this does nothing.
        await response.discard();
      }
    });
  } catch (error) {
    throw pageRefusal(error, deadline.signal);
  }
}

/** Held to the page's end: what is bounded is what is under way. @throws {UpstreamError} `busy`, `timeout`, `cancelled` */
async function inPlace<T>({ admission }: Pages, signal: AbortSignal, read: () => Promise<T>): Promise<T> {
  const release = await admission.enter(signal);
  try {
    const waitMs = admission.spend();
    if (waitMs > 0) throw new UpstreamError("busy", { retryAfterMs: waitMs });
    return await read();
  } finally {
    release();
  }
}

async function readable(response: SafeResponse): Promise<ReadPage> {
  const refusal = pageStatusRefusal(response.status);
  if (refusal !== undefined) throw refusal;
  const type = textTypeOf(response.headers["content-type"]);
  const bytes = await wholeBody(response);
  const text = decodeText(bytes, type.charset, false);
  if (text === undefined || text.includes("\0")) throw noText("charset");
  const { href } = response.url;
  const contentType = type.essence;
  if (!HTML.test(contentType)) return { url: href, contentType, title: undefined, text, isCut: false };
  const page = htmlToText(text, { base: response.url, maxLength: bytes.length });
  return { url: href, contentType, title: page.title, text: page.text, isCut: page.cut };
}

/** Before anything of the body is read. What does not say what it is, is not guessed at (WHATWG MIME Sniffing). */
function textTypeOf(header: string | undefined): MediaType {
  const type = mediaTypeOf(header);
  if (type === undefined || !TEXT.test(type.essence)) throw noText("content_type");
  return type;
}

function noText(rule: string): CallError {
  return new CallError("denied", "The page is not text, or does not say so.", { rule: `page/${rule}` });
}

/** Bounded by the limits of {@link Pages}. */
async function wholeBody({ body }: SafeResponse): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of body) pieces.push(piece);
  return Buffer.concat(pieces);
}
