import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { EVIL_MARK, HIDDEN_CHARACTERS, LIE_MARK, LIES, lieOperation } from "../support/upstreams/index.ts";
import { type Attacked, attacked, bodyOf, CREDENTIALS } from "./support/attacked.ts";

/** Longest that a lie may hold a call, in milliseconds; the deadline is three seconds, and a busy machine has time to say so. */
const STOPPED_MS = 20_000;
/** Characters of an answer in all its forms: text, the same as structured content, and each as its client hands it on. */
const LARGEST = 4 * 2 ** 20;

describe("what a lying upstream tells", () => {
  let stage: Attacked;
  beforeAll(async () => {
    stage = await attacked();
  });
  afterAll(() => stage[Symbol.asyncDispose]());

  it.each(LIES.map(({ name, outcome }) => [name, outcome] as const))("%s: %s", async (name, outcome) => {
    const from = performance.now();
    const answer = await stage.hear(lieOperation(name));
    expect(performance.now() - from).toBeLessThan(STOPPED_MS);
    // It was asked for, once: what fails by lying is not asked for again here.
    expect(stage.liar.count(name)).toBeGreaterThan(0);
    if (outcome === "fails") {
      expect(answer.isError).toBe(true);
      expect(answer.text).not.toContain(LIE_MARK);
    }
    const whole = JSON.stringify(answer);
    expect(whole.length).toBeLessThan(LARGEST);
    expect(whole).not.toContain(EVIL_MARK);
    expect(whole).not.toMatch(/set-cookie|SafeFetchError|UpstreamError|ECONN|UND_ERR|HPE_|node:|\/dist\//);
    expect(answer.text).not.toMatch(HIDDEN_CHARACTERS);
    // The next one on the same connection gets its own answer, and the server is still there.
    expect(bodyOf(await stage.hear("harmless"))).toEqual({ target: "/harmless" });
  });

  it("leads to no other origin, and shows nobody the key", () => {
    expect(stage.other.requests).toEqual([]);
    expect(stage.other.connections()).toBe(0);
    for (const secret of Object.values(CREDENTIALS)) expect(stage.everythingSaid()).not.toContain(secret);
  });
});
