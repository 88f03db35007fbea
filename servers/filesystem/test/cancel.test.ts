import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type TestFolder, testFolder } from "./support/folder.ts";
import { openSession, type Session } from "./support/session.ts";

describe("a long search", () => {
  let folder: TestFolder;
  let session: Session;
  beforeAll(async () => {
    folder = testFolder({ "small.txt": "small\n" });
    // About 0.1 s a line, so ten seconds and more together; each file is small enough to be read without a pause.
    for (let index = 0; index < 60; index++) folder.write(`slow/${index}.txt`, `${"a".repeat(2000)}\n`.repeat(2));
    session = await openSession(folder);
  });
  afterAll(async () => {
    await session[Symbol.asyncDispose]();
    folder[Symbol.dispose]();
  });
  const slow = { path: "slow", pattern: "[[:word:]]{1,200}\\p{L}{1,200}[^a]$", regex: true };

  it("reports progress, leaves the server free, and stops at once on cancel", async () => {
    const cancel = new AbortController();
    const { promise: seen, resolve } = Promise.withResolvers<number>();
    const ended = session
      .call("search_content", slow, { signal: cancel.signal, onprogress: ({ progress }) => resolve(progress) })
      .then(
        () => "answered",
        () => "cancelled",
      );
    await seen;
    const during = performance.now();
    expect((await session.call("read_text_file", { path: "small.txt" })).text).toBe("small\n");
    expect(performance.now() - during).toBeLessThan(2000);
    cancel.abort();
    expect(await ended).toBe("cancelled");
    // Nothing is answered to a cancelled call. That it stopped shows in that the next calls have the server to themselves:
    // beside a running search each would wait for a line, 0.1 s.
    const after = performance.now();
    for (let index = 0; index < 40; index++) await session.call("read_text_file", { path: "small.txt" });
    expect(performance.now() - after).toBeLessThan(2000);
  });

  it("ends its page before the deadline, with a cursor to go on", async () => {
    const config = folder.writeOutside("hurried.json", JSON.stringify({ limits: { deadlineMs: 3000 } }));
    await using hurried = await openSession(folder, { args: ["--config", config] });
    const answer = await hurried.call("search_content", slow);
    expect(answer.isError, answer.text).toBe(false);
    expect(answer.structured?.["nextCursor"]).toEqual(expect.any(String));
  });
});
