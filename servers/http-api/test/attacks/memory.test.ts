import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Attacked, attacked } from "./support/attacked.ts";

/** The cap is one MiB; the rest is what the collector leaves lying about between two runs of it. */
const GROWTH_BYTES = 64 * 2 ** 20;

describe("the server's memory", () => {
  let stage: Attacked;
  let before = 0;
  beforeAll(async () => {
    stage = await attacked();
    for (let at = 0; at < 200; at++) await stage.call("large_list", { count: 100 });
    before = stage.peakBytes();
  });
  afterAll(() => stage[Symbol.asyncDispose]());

  it.each([
    "hundred_megabytes",
    "hundred_megabytes_error",
    "bomb_gzip",
    "bomb_deflate",
    "bomb_br",
    "bomb_zstd",
    "bomb_layered",
    "bomb_html",
    "endless",
    "endless_chunks",
    "chunk_extension_endless",
    "headers_endless",
    "trailers_endless",
    "status_line_endless",
    "interim_flood",
    "json_deep_arrays",
    "json_many_keys",
  ])("is not filled by %s, five times at once", async (lie) => {
    await Promise.all(Array.from({ length: 5 }, () => stage.hear(lie)));
    expect(stage.peakBytes() - before).toBeLessThan(GROWTH_BYTES);
  });
});
