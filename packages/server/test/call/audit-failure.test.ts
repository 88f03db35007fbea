import { describe, expect, it } from "vitest";
import { echoTool, testServer } from "../support/server.ts";
import { errorOf, walk } from "../support/walk.ts";

const dead = (): never => {
  throw new Error("canary: disk is gone");
};

function server() {
  const seen = { runs: 0 };
  const made = testServer({
    tools: [
      echoTool({
        effect: "write",
        run: ({ text }) => {
          seen.runs++;
          return { text };
        },
      }),
    ],
    enable: ["write"],
  });
  return { ...made, seen };
}

describe("when the audit log cannot be written", () => {
  it.each<[string, (fail: ReturnType<typeof server>["sink"]["fail"]) => unknown]>([
    ["write throws", (fail) => Object.assign(fail, { write: dead })],
    ["digest throws", (fail) => Object.assign(fail, { digest: dead })],
    ["durable rejects", (fail) => Object.assign(fail, { durable: async () => dead() })],
    ["durable throws", (fail) => Object.assign(fail, { durable: dead })],
  ])("the handler does not run and the caller is told unavailable: %s", async (_, breakIt) => {
    const { server: guarded, sink, seen } = server();
    breakIt(sink.fail);
    const error = errorOf(await walk(guarded));
    expect(error.code).toBe("unavailable");
    expect(error.message).not.toContain("canary");
    expect(seen.runs).toBe(0);
  });

  it.each<["write" | "durable"]>([["write"], ["durable"]])(
    "at the outcome (%s), the result is withheld and nobody claims that nothing was done",
    async (which) => {
      const { server: guarded, sink, seen } = server();
      if (which === "write") sink.fail.write = (event) => event.type === "call.outcome" && dead();
      else sink.fail.durable = async () => (sink.of("call.outcome").length > 0 ? dead() : undefined);
      const error = errorOf(await walk(guarded));
      expect(seen.runs).toBe(1);
      expect(error).toMatchObject({ code: "unavailable", retryable: false });
      expect(error.message).toMatch(/may have taken effect/i);
      expect(error.message).not.toMatch(/nothing was done|refused/i);
    },
  );

  it("a refusal is answered unavailable, since it could not be recorded", async () => {
    const { server: guarded, sink } = server();
    sink.fail.write = dead;
    expect(errorOf(await walk(guarded, { name: "nope" })).code).toBe("unavailable");
  });

  it("the operator is told the cause under the reference the caller got", async () => {
    const { server: guarded, sink, entries } = server();
    sink.fail.write = dead;
    const { ref } = errorOf(await walk(guarded));
    expect(entries().some((line) => line["ref"] === ref && JSON.stringify(line).includes("canary"))).toBe(true);
  });
});
