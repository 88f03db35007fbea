import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type TestFolder, testFolder } from "./support/folder.ts";
import { openSession, type Session } from "./support/session.ts";

describe("a long search", () => {
  let folder: TestFolder;
  let session: Session;
  beforeAll(async () => {
    folder = testFolder({ "small.txt": "small\n" });
    const line = `${"abcdefgh ".repeat(12)}\n`;
    for (let index = 0; index < 12; index++) folder.write(`big/${index}.txt`, line.repeat(60_000));
    session = await openSession(folder);
  });
  afterAll(async () => {
    await session[Symbol.asyncDispose]();
    folder[Symbol.dispose]();
  });
  // Every line is held against it and none fits: minutes of work for a machine that does not stop.
  const endless = { path: "big", pattern: "(a|b|c|d|e|f|g|h| )*z", regex: true };

  it("reports progress, stops at once on cancel, and leaves the server free", async () => {
    const cancel = new AbortController();
    const { promise: seen, resolve } = Promise.withResolvers<number>();
    const running = session.call("search_content", endless, {
      signal: cancel.signal,
      onprogress: ({ progress }) => resolve(progress),
    });
    const ended = running.then(
      () => "answered",
      () => "cancelled",
    );
    await seen;
    const busy = performance.now();
    expect((await session.call("read_text_file", { path: "small.txt" })).text).toBe("small\n");
    expect(performance.now() - busy).toBeLessThan(1000);
    cancel.abort();
    expect(await ended).toBe("cancelled");
    // The server answers nothing to a cancelled call; that it stopped shows in that the next one has it to itself.
    const after = performance.now();
    for (let index = 0; index < 20; index++) await session.call("read_text_file", { path: "small.txt" });
    expect(performance.now() - after).toBeLessThan(2000);
  });

  it("ends its page before the deadline, with a cursor to go on", async () => {
    await using hurried = await openSession(folder, {
      args: ["--config", folder.writeOutside("fast.json", JSON.stringify({ limits: { deadlineMs: 8000 } }))],
    });
    const answer = await hurried.call("search_content", { ...endless, excludePatterns: ["[6-9].txt"] });
    if (answer.structured?.["nextCursor"] === undefined) expect(answer.text).toBe("No matches found");
    else expect(answer.isError).toBe(false);
  });
});
