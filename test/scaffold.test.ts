import { afterAll, describe, expect, it } from "vitest";
import { STEPS, tryRow } from "../e2e/check-row.ts";
import { isLost } from "../e2e/registry.ts";
import { CHOICES, everyPair, everyRow, isAllowed, pairsOf, type Row } from "../e2e/rows.ts";
import { describeTried, summarize } from "../e2e/say.ts";
import { readArguments, select } from "../e2e/select.ts";
import { whyNoStore } from "../e2e/services.ts";
import { createSetting } from "../e2e/setting.ts";
import { attempt, Skipped } from "../e2e/trial.ts";

const setting = createSetting([]);
afterAll(async () => void (await setting.stop(false)));

describe("a project from a registry", () => {
  // The short form of `npx -y pnpm@12 e2e`. The template's own suite has run where it stands.
  it("is made, checked, built, and called over both transports by clients of both eras", {
    timeout: 240_000,
  }, async () => {
    const row: Row = { template: "minimal", transport: "both", auth: "api-key", state: "sqlite", pm: "npm" };
    const steps = STEPS.filter((name) => name !== "test");
    const done: string[] = [];
    await tryRow(
      { row, world: await setting.world(), services: setting.services },
      "my server",
      async (name, act) => {
        const value = await act();
        done.push(name);
        return value;
      },
      steps,
    );
    expect(done).toEqual(steps);
  });
});

describe("the rows of the end-to-end proof", () => {
  const rows = everyPair();
  const options = Object.keys(CHOICES) as (keyof Row)[];

  it("hold every pair of values that may stand together", () => {
    const held = new Set(rows.flatMap(pairsOf));
    const pairs = options.flatMap((one, at) =>
      options
        .slice(at + 1)
        .flatMap((other) => CHOICES[one].flatMap((a) => CHOICES[other].map((b) => `${one}=${a} ${other}=${b}`))),
    );
    const refused = pairs.filter((pair) => /^transport=stdio auth=(?!none)/.test(pair));
    expect(refused).toHaveLength(3);
    expect([...held].sort()).toEqual(pairs.filter((pair) => !refused.includes(pair)).sort());
  });

  it("are allowed, every one, and few", () => {
    expect(rows.filter((row) => !isAllowed(row))).toEqual([]);
    expect(rows.length).toBeLessThanOrEqual(20);
    expect(everyRow()).toHaveLength((3 * 4 - 3) * 4 * 3 * 4);
  });

  it("are the same each time", () => expect(everyPair()).toEqual(rows));
});

describe("the count of the end-to-end proof", () => {
  const trial = (run: () => Promise<void>) => attempt({ title: "row", tools: [], run }, setting);

  it("takes what this machine cannot try for skipped, never for passed", async () => {
    const tried = [
      await trial(async () => undefined),
      await trial(async () => Promise.reject(new Skipped("no Redis here"))),
      await trial(async () => Promise.reject(new Error("broken"))),
    ];
    expect(summarize(tried, 0)).toMatch(/\n1 passed, 1 failed, 1 skipped$/);
    expect(tried.map(describeTried).join("\n")).toContain("skipped row: no Redis here");
  });

  it("knows where there is no Redis", () => {
    expect(whyNoStore("redis", "/nowhere")).toContain("apt-get install -y redis-server");
    expect(whyNoStore("sqlite", "/nowhere")).toBeUndefined();
  });

  it.each([
    [{ status: "ERR", error: "socket hang up" }, true],
    [{ status: 503 }, true],
    [{ status: 429 }, true],
    [{ status: 404 }, false],
    [{ status: 200 }, false],
    [{ msg: "http address" }, false],
  ])("takes %o of the registry's log for a lost answer: %s", (line, expected) => {
    expect(isLost(JSON.stringify(line))).toBe(expected);
  });
});

describe("the words that select", () => {
  const all = [{ title: "row minimal npm" }, { title: "row database npm" }, { title: "special node26 minimal" }];

  it("must all be in a title", () => {
    expect(select(all, ["minimal", "npm"])).toEqual([all[0]]);
    expect(select(all, [])).toEqual(all);
  });

  it.each([
    [["minimla"], "Nothing is called minimla. Did you mean minimal?"],
    [["database", "node26"], "Nothing is all of database, node26."],
  ])("are refused where they select nothing: %s", (words, message) => {
    expect(() => select(all, words)).toThrow(message);
  });

  it("are no flags", () => {
    expect(readArguments(["--keep", "npm"])).toEqual({ list: false, keep: true, words: ["npm"] });
    expect(() => readArguments(["--lst"])).toThrow("Did you mean --list?");
  });
});
