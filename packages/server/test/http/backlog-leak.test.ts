import { expect, it } from "vitest";
import { legacyCall, post, startHttp } from "../support/http.ts";
import { echoTool } from "../support/server.ts";

/** Four of these, counted for ever, would shut everybody out. */
const BIG = "x".repeat(12 * 1024 * 1024);

it("an answer whose client left while it was put on record is not counted as waiting for ever", async () => {
  let recording = Promise.withResolvers<void>();
  let recorded: Promise<void> | undefined;
  await using http = await startHttp({
    limits: { maxResultBytes: 64 * 1024 * 1024 },
    tools: [echoTool({ run: ({ text }) => ({ text: text === "big" ? BIG : text }) })],
    audit: {
      write: (event) => {
        if (event.type === "call.outcome" && event.outcome.bytes > BIG.length) recording.resolve();
        return 0;
      },
      durable: async () => await recorded,
      digest: () => ({ digest: "", bytes: 0 }),
    },
  });
  const small = async (): Promise<string> =>
    await (await post(http.url, legacyCall(1, "echo", { text: "small" }))).text();
  for (let round = 0; round < 4; round++) {
    const client = new AbortController();
    const disk = Promise.withResolvers<void>();
    recording = Promise.withResolvers();
    recorded = disk.promise;
    const asked = post(http.url, legacyCall(2, "echo", { text: "big" }), { signal: client.signal })
      .then((response) => response.text())
      .catch(() => undefined);
    await recording.promise;
    client.abort();
    await asked;
    recorded = undefined;
    // Answered after the connection closed, so the server has seen it close before the record is on disk.
    await small();
    await small();
    disk.resolve();
    await small();
  }
  expect(await small()).toContain('"small"');
});
