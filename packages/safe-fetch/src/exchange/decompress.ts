import { pipeline, type Transform } from "node:stream";
import {
  constants,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createInflateRaw,
  createZstdDecompress,
} from "node:zlib";
import { SafeFetchError } from "../safe-fetch-error.ts";
import type { IncomingBody } from "./incoming-body.ts";

/** What is asked for, unless the caller asks otherwise. */
export const ACCEPT_ENCODING = "gzip, deflate, br, zstd";

/**
 * By content coding (RFC 9110, section 8.4.1). Node's streams make 16 KiB at a time and wait for whoever reads, so a bomb costs no more
 * than that and a window; an end that comes too early is an error in each. Undici's own decompression lets it pass as a whole body.
 */
const DECODERS: Readonly<Record<string, (first: Uint8Array) => Transform>> = {
  gzip: () => createGunzip(),
  "x-gzip": () => createGunzip(),
  // RFC 9110 means zlib (RFC 1950), some send bare deflate (RFC 1951): the method in the first byte tells them apart.
  deflate: ([first = 0]) => ((first & 0x0f) === 8 ? createInflate() : createInflateRaw()),
  br: () => createBrotliDecompress(),
  // RFC 9659, section 3: a window of at most 8 MiB.
  zstd: () => createZstdDecompress({ params: { [constants.ZSTD_d_windowLogMax]: 23 } }),
};

export type Coding = (first: Uint8Array) => Transform;

/**
 * The one coding of a body; `undefined` if it comes as it is. Layers of them multiply what a bomb weighs, and nobody honest sends them.
 *
 * @throws {SafeFetchError} `broken`: several, or one that is not known
 */
export function codingOf(header: string | undefined): Coding | undefined {
  if (header === undefined) return undefined;
  const codings = header
    .toLowerCase()
    .split(",")
    .map((coding) => coding.trim())
    .filter((coding) => coding !== "" && coding !== "identity");
  const [coding] = codings;
  if (coding === undefined) return undefined;
  const decoder = Object.hasOwn(DECODERS, coding) ? DECODERS[coding] : undefined;
  if (codings.length > 1 || decoder === undefined) throw new SafeFetchError("broken", { mayHaveActed: true });
  return decoder;
}

/** `body` without its coding. Whoever reads gets what fits into `maxBytes`, and then the error. @throws {SafeFetchError} while it is read */
export async function* decompressed(
  body: IncomingBody,
  coding: Coding,
  maxBytes: number,
): AsyncGenerator<Uint8Array, undefined> {
  const chunks = body[Symbol.asyncIterator]();
  try {
    const first = await chunks.next();
    if (first.done === true) return;
    const decoder = coding(first.value);
    // What pipeline has to tell comes out of the decoder as well.
    pipeline(rest(first.value, chunks), decoder, () => {});
    let size = 0;
    for await (const chunk of decoder as AsyncIterable<Uint8Array>) {
      size += chunk.length;
      const over = size - maxBytes;
      if (over <= 0) {
        yield chunk;
        continue;
      }
      if (over < chunk.length) yield chunk.subarray(0, chunk.length - over);
      throw new SafeFetchError("too_large", { mayHaveActed: true });
    }
  } catch (error) {
    throw error instanceof SafeFetchError ? error : new SafeFetchError("broken", { cause: error, mayHaveActed: true });
  } finally {
    body.discard();
  }
}

async function* rest(first: Uint8Array, chunks: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield first;
  for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) yield next.value;
}
