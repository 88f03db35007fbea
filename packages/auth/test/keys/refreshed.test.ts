import { beforeEach, describe, expect, it } from "vitest";
import { createRefreshed } from "../../src/keys/refreshed.ts";
import { passSeconds, stopClocks } from "../support/time.ts";

beforeEach(stopClocks);

const FRESHNESS = { softMs: 600_000, hardMs: 3_600_000, coolDownMs: 30_000, retryMs: 5_000 };

/** The other side: each question is answered when the test says so. */
function otherSide() {
  const questions: PromiseWithResolvers<number>[] = [];
  const failures: unknown[] = [];
  const load = () => {
    const question = Promise.withResolvers<number>();
    questions.push(question);
    return question.promise;
  };
  const copy = createRefreshed(load, FRESHNESS, (error) => failures.push(error));
  return { questions, failures, copy };
}

describe("a copy of something remote", () => {
  it("is asked for once however long the answer takes, and however many wait", async () => {
    const { questions, copy } = otherSide();
    const waiting = [copy.current()];
    for (let seconds = 0; seconds < 60; seconds += 6) {
      passSeconds(6);
      waiting.push(copy.current(), copy.renewed());
    }
    expect(questions).toHaveLength(1);
    questions[0]?.resolve(1);
    expect(new Set(await Promise.all(waiting))).toEqual(new Set([1]));
  });

  it("is as old as the question, not as the answer", async () => {
    const { questions, copy } = otherSide();
    const first = copy.current();
    passSeconds(300);
    questions[0]?.resolve(1);
    await first;
    passSeconds(300);
    void copy.current();
    expect(questions).toHaveLength(2);
  });

  it("stays as it is where a newer one cannot be had, and the failure is told", async () => {
    const { questions, failures, copy } = otherSide();
    const first = copy.current();
    questions[0]?.resolve(1);
    await first;
    passSeconds(601);
    const second = copy.current();
    questions[1]?.reject(new Error("away"));
    expect(await second).toBe(1);
    expect([copy.isAway, failures]).toEqual([true, [new Error("away")]]);
    expect(await copy.current()).toBe(1);
    expect(questions).toHaveLength(2);
  });
});
