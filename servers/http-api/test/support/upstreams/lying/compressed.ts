import { once } from "node:events";
import {
  brotliCompressSync,
  constants,
  createBrotliCompress,
  createDeflate,
  createGzip,
  createZstdCompress,
  gzipSync,
} from "node:zlib";
import { type BombKind, LIE_MARK, type Lie } from "./lie.ts";
import { honest } from "./wire.ts";

/** What a bomb comes to, decompressed. */
export const BOMB_BYTES = 300 * 2 ** 20;
const MIB = Buffer.alloc(2 ** 20, "A");
const BODY = JSON.stringify({ mark: LIE_MARK });

const COMPRESSORS = {
  gzip: () => createGzip({ level: 1 }),
  deflate: () => createDeflate({ level: 1 }),
  br: () => createBrotliCompress({ params: { [constants.BROTLI_PARAM_QUALITY]: 1 } }),
  zstd: () => createZstdCompress(),
  "zstd-window": () => createZstdCompress({ params: { [constants.ZSTD_c_windowLog]: 27 } }),
} as const;

/** JSON of one string, {@link BOMB_BYTES} long; never in memory as a whole. */
export async function makeBomb(kind: BombKind): Promise<Buffer> {
  if (kind === "gzip-gzip") return gzipSync(await makeBomb("gzip"));
  const compressor = COMPRESSORS[kind]();
  const parts: Buffer[] = [];
  compressor.on("data", (part: Buffer) => parts.push(part));
  compressor.write('["');
  for (let sent = 0; sent < BOMB_BYTES; sent += MIB.length) {
    if (!compressor.write(MIB)) await once(compressor, "drain");
  }
  compressor.end('"]');
  await once(compressor, "end");
  return Buffer.concat(parts);
}

function bomb(kind: BombKind, encoding: string, type = "application/json"): Lie["tell"] {
  return async (socket, _request, stage) =>
    honest(socket, await stage.bomb(kind), [`content-encoding: ${encoding}`, `content-type: ${type}`]);
}

/** Small on the wire, 300 MB in memory; or no compressed data at all. */
export const COMPRESSION_LIES: readonly Lie[] = [
  { name: "bomb-gzip", outcome: "fails", tell: bomb("gzip", "gzip") },
  { name: "bomb-gzip-upper", outcome: "fails", tell: bomb("gzip", "GZIP") },
  { name: "bomb-x-gzip", outcome: "fails", tell: bomb("gzip", "x-gzip") },
  { name: "bomb-deflate", outcome: "fails", tell: bomb("deflate", "deflate") },
  { name: "bomb-br", outcome: "fails", tell: bomb("br", "br") },
  { name: "bomb-zstd", outcome: "fails", tell: bomb("zstd", "zstd") },
  // A window of 128 MB, which the decoder keeps in memory; RFC 9659, section 3, has 8 MB as the most for this encoding.
  { name: "bomb-zstd-window", outcome: "fails", tell: bomb("zstd-window", "zstd") },
  { name: "bomb-layered", outcome: "fails", tell: bomb("gzip-gzip", "gzip, gzip") },
  { name: "bomb-html", outcome: "answers", tell: bomb("gzip", "gzip", "text/html") },
  {
    name: "tower-of-encodings",
    outcome: "fails",
    tell(socket) {
      let bytes: Buffer = Buffer.from(BODY);
      for (let layer = 0; layer < 50; layer++) bytes = gzipSync(bytes);
      honest(socket, bytes, [`content-encoding: ${Array(50).fill("gzip").join(", ")}`]);
    },
  },
  {
    name: "gzip-cut-off",
    outcome: "fails",
    tell: (socket) => honest(socket, gzipSync(BODY).subarray(0, -12), ["content-encoding: gzip"]),
  },
  {
    name: "gzip-wrong-sum",
    outcome: "fails",
    tell(socket) {
      const bytes = gzipSync(BODY);
      bytes.writeUInt32LE(0, bytes.length - 8);
      honest(socket, bytes, ["content-encoding: gzip"]);
    },
  },
  { name: "gzip-that-is-none", outcome: "fails", tell: (socket) => honest(socket, BODY, ["content-encoding: gzip"]) },
  {
    name: "br-that-is-gzip",
    outcome: "fails",
    tell: (socket) => honest(socket, gzipSync(BODY), ["content-encoding: br"]),
  },
  {
    name: "encoding-unknown",
    outcome: "fails",
    tell: (socket) => honest(socket, brotliCompressSync(BODY), ["content-encoding: x-own"]),
  },
];
