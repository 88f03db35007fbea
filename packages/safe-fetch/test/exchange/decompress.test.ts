import type { ServerResponse } from "node:http";
import { pipeline, Readable } from "node:stream";
import {
  brotliCompressSync,
  constants,
  createGzip,
  deflateRawSync,
  deflateSync,
  gzipSync,
  zstdCompressSync,
} from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createSafeFetch } from "../../src/index.ts";
import type { SafeFetch } from "../../src/types.ts";
import { type Listener, listen } from "../support/listeners.ts";
import { ask, outcome, whole } from "../support/read.ts";

const TEXT = "höflich ".repeat(5_000);
const CODINGS = {
  gzip: gzipSync(TEXT),
  "x-gzip": gzipSync(TEXT),
  deflate: deflateSync(TEXT),
  "deflate, raw": deflateRawSync(TEXT),
  br: brotliCompressSync(TEXT),
  zstd: zstdCompressSync(TEXT),
  "GZIP, upper case": gzipSync(TEXT),
} as const;
const BOMB = 200 * 1024 * 1024;

let listener: Listener;
let answer: (response: ServerResponse) => void;
let safe: SafeFetch;
beforeAll(async () => {
  listener = await listen("127.0.0.1", 0, (_, response) => answer(response));
  safe = createSafeFetch({
    allow: [{ host: "127.0.0.1", ports: [listener.port], schemes: ["http"] }],
    limits: { maxBytes: 1_000_000, totalTimeoutMs: 30_000 },
  });
});
afterAll(() => Promise.all([safe.close(), listener.close()]));

const at = () => `http://127.0.0.1:${listener.port}/`;
const saying = (encoding: string, body: Uint8Array | string) => {
  answer = (response) => response.writeHead(200, { "content-encoding": encoding }).end(body);
};

describe("compressed answers", () => {
  it.each(Object.entries(CODINGS))("%s", async (name, body) => {
    saying(name.split(",")[0]!, body);
    const got = await safe.request(at());
    expect((await whole(got.body)).toString()).toBe(TEXT);
    // They spoke of the wire.
    expect(got.headers).not.toHaveProperty("content-encoding");
    expect(got.headers).not.toHaveProperty("content-length");
  });

  it.each(["gzip", "deflate", "br", "zstd"] as const)("%s, cut short, is broken", async (coding) => {
    saying(coding, CODINGS[coding].subarray(0, -5));
    expect(await outcome(() => ask(safe, at()))).toBe("broken");
  });

  it.each(["gzip", "deflate", "br", "zstd"])("%s that is none is broken", async (coding) => {
    saying(coding, "x".repeat(100));
    expect(await outcome(() => ask(safe, at()))).toBe("broken");
  });

  it.each([
    ["twice", "gzip, gzip", gzipSync(gzipSync(TEXT))],
    ["in two ways", "br, gzip", gzipSync(brotliCompressSync(TEXT))],
    ["in a way nobody knows", "sdch", Buffer.from("x")],
    ["in a way that objects have", "constructor", Buffer.from("x")],
  ])("compressed %s is refused", async (_, encoding, body) => {
    saying(encoding, body);
    expect(await outcome(() => ask(safe, at()))).toBe("broken");
  });

  it("identity, and an empty body that says it is gzip, are taken", async () => {
    saying("identity", TEXT);
    expect(await ask(safe, at())).toMatchObject({ body: TEXT });
    saying("gzip", "");
    expect(await ask(safe, at())).toMatchObject({ body: "" });
    expect(await ask(safe, at(), { method: "HEAD" })).toMatchObject({ body: "" });
  });

  it("is asked for, unless the caller asks otherwise", async () => {
    saying("identity", "");
    await ask(safe, at());
    await ask(safe, at(), { headers: { "Accept-Encoding": "identity" } });
    expect(listener.seen.slice(-2).map((headers) => headers["accept-encoding"])).toEqual([
      "gzip, deflate, br, zstd",
      "identity",
    ]);
  });
});

function* zerosForEver(): Generator<Uint8Array> {
  const block = new Uint8Array(1_000_000);
  for (;;) yield block;
}

describe("a bomb", () => {
  const zeros = Buffer.alloc(BOMB);
  const bombs = {
    gzip: gzipSync(zeros, { level: 9 }),
    deflate: deflateSync(zeros),
    br: brotliCompressSync(zeros, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }),
    zstd: zstdCompressSync(zeros),
  };

  it.each(Object.entries(bombs))(
    "of %s is stopped at the limit, to the byte, and holds no more",
    async (coding, body) => {
      expect(body.length).toBeLessThan(1_000_000);
      saying(coding, body);
      const got = await safe.request(at());
      const before = process.memoryUsage();
      let [size, most] = [0, 0];
      const reading = async () => {
        for await (const chunk of got.body) {
          size += chunk.length;
          const now = process.memoryUsage();
          most = Math.max(most, now.arrayBuffers + now.external - before.arrayBuffers - before.external);
        }
      };
      await expect(reading()).rejects.toMatchObject({ code: "too_large" });
      expect(size).toBe(1_000_000);
      // A window, a queue, and what the collector has not looked at yet; the bomb weighs 200 MiB.
      expect(most).toBeLessThan(100_000_000);
    },
  );

  it("that never ends, is stopped as well", async () => {
    answer = (response) => {
      response.writeHead(200, { "content-encoding": "gzip" });
      pipeline(Readable.from(zerosForEver()), createGzip(), response, () => {});
    };
    expect(await outcome(() => ask(safe, at()))).toBe("too_large");
  });
});
