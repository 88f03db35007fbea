import { describe, expect, it } from "vitest";
import { attacked } from "./support/attacked.ts";

const MIB = 2 ** 20;
const IN_FLIGHT = 3;
/**
 * What may be added to the peak, in MiB. The cap is one MiB a call; the rest is what the collector leaves lying about between
 * two runs of it, and windows of decoders (brotli: 16 MiB each).
 */
const GROWTH = 64;

/** What is sent in each: 100 MB, 300 MB out of a few bytes, or as much as is taken. */
const LIES: readonly (readonly [lie: string, growth: number])[] = [
  ["hundred_megabytes", GROWTH],
  ["hundred_megabytes_error", GROWTH],
  ["bomb_gzip", GROWTH],
  ["bomb_br", GROWTH],
  ["bomb_zstd", GROWTH],
  ["bomb_zstd_window", GROWTH],
  ["bomb_layered", GROWTH],
  ["bomb_html", GROWTH],
  ["endless", GROWTH],
  ["headers_endless", GROWTH],
  ["trailers_endless", GROWTH],
  ["json_deep_objects", GROWTH],
  // Four bytes a chunk: kept as a piece, each would cost forty times that.
  ["endless_chunks", GROWTH],
  // Nothing of these is kept, and hundreds of megabytes pass by before the deadline.
  ["chunk_extension_endless", 3 * GROWTH],
  ["status_line_endless", 3 * GROWTH],
];

describe("the server's memory", () => {
  it.each(LIES)("is not filled by %s, three times at once and then again", async (lie, growth) => {
    await using stage = await attacked();
    // Its own growth, with what comes in the first calls, is not that of large answers.
    for (let at = 0; at < 60; at++) await stage.call("large_list", { count: 100 });
    const before = stage.peakBytes();
    for (let round = 0; round < 2; round++) {
      await Promise.all(Array.from({ length: IN_FLIGHT }, () => stage.hear(lie)));
    }
    expect((stage.peakBytes() - before) / MIB).toBeLessThan(growth);
  });
});
