import { describe, expect, it } from "vitest";
import { z } from "zod";
import { definePrompt } from "../../src/define/prompt.ts";
import { defineResource } from "../../src/define/resource.ts";
import { CallError } from "../../src/errors/call-error.ts";
import { echoTool, testServer } from "../support/server.ts";
import { errorOf, walk } from "../support/walk.ts";

const CANARY = "canary-password=hunter2";
const circular: Record<string, unknown> = { CANARY };
circular["self"] = circular;
const stacked = new Error("x");
stacked.stack = CANARY;

/** What handlers throw in practice and out of spite. */
const thrown: [string, () => unknown][] = [
  ["message", () => new Error(CANARY)],
  ["cause", () => new Error("x", { cause: new Error(CANARY) })],
  ["stack", () => stacked],
  ["an aggregate", () => new AggregateError([new Error(CANARY)], "x")],
  ["an error with properties", () => Object.assign(new Error("x"), { path: CANARY, code: CANARY })],
  ["a string", () => CANARY],
  ["an object", () => ({ code: "denied", message: CANARY })],
  ["a circular object", () => circular],
  ["a zod error", () => z.literal(CANARY).safeParse("x").error],
];

/** Nothing to find in the log, but nothing may break either. */
const odd: [string, () => unknown][] = [
  ["null", () => null],
  ["undefined", () => undefined],
  ["a symbol", () => Symbol("x")],
  ["a bigint", () => 1n],
  ["a function", () => () => CANARY],
  [
    "a getter that throws",
    () => ({
      get message() {
        throw new Error(CANARY);
      },
    }),
  ],
  [
    "an error whose stack throws",
    () =>
      Object.defineProperty(new Error("x"), "stack", {
        get: () => {
          throw new Error(CANARY);
        },
      }),
  ],
  [
    "a proxy that throws",
    () =>
      new Proxy(
        {},
        {
          get: () => {
            throw new Error(CANARY);
          },
          ownKeys: () => {
            throw new Error(CANARY);
          },
        },
      ),
  ],
  [
    "toJSON that throws",
    () => ({
      toJSON: () => {
        throw new Error(CANARY);
      },
    }),
  ],
  ["a call error with an unknown code", () => new CallError("constructor" as never, CANARY)],
  [
    "a revoked proxy",
    () => {
      const made = Proxy.revocable({}, {});
      made.revoke();
      return made.proxy;
    },
  ],
];

describe("what a handler throws", () => {
  it.each(thrown)("stays with the operator, under the caller's reference: %s", async (_, make) => {
    const { server, entries } = testServer({
      tools: [
        echoTool({
          run: () => {
            throw make();
          },
        }),
      ],
    });
    const answer = await walk(server);
    const { code, ref } = errorOf(answer);
    expect(code).toBe("internal");
    expect(JSON.stringify(answer)).not.toContain("canary");
    expect(entries().some((line) => line["ref"] === ref && JSON.stringify(line).includes(CANARY))).toBe(true);
  });

  it.each(odd)("does not get out by being odd: %s", async (_, make) => {
    const { server, sink } = testServer({
      tools: [
        echoTool({
          run: () => {
            throw make();
          },
        }),
      ],
    });
    const answer = await walk(server);
    expect(errorOf(answer).code).toBe("internal");
    expect(JSON.stringify(answer)).not.toContain("canary");
    expect(sink.of("call.outcome")).toMatchObject([{ outcome: { code: "internal" } }]);
  });

  it("is masked from resources, prompts and lists alike", async () => {
    const fail = (): never => {
      throw new Error(CANARY);
    };
    const { server } = testServer({
      resources: [
        defineResource({ name: "file", description: "x", scope: "echo:use", uri: "x://{id}", read: fail, list: fail }),
      ],
      prompts: [
        definePrompt({ name: "ask", description: "x", scope: "echo:use", input: z.strictObject({}), run: fail }),
      ],
    });
    for (const request of [
      { method: "resources/read", name: "x://1" },
      { method: "resources/list", name: "resources/list", args: {} },
      { method: "prompts/get", name: "ask", args: {} },
    ] as const) {
      const answer = await walk(server, request);
      expect(errorOf(answer).code).toBe("internal");
      expect(JSON.stringify(answer)).not.toContain("canary");
    }
  });

  it("is shown only when it is an entry of the tool's own catalogue", async () => {
    const tool = echoTool({
      errors: { gone: { code: "conflict", message: "The note has changed." } } as never,
      run: (_, call) => (call.fail as (reason: string, operator: object) => never)("gone", { detail: CANARY }),
    });
    const { server, sink, entries } = testServer({ tools: [tool] });
    const error = errorOf(await walk(server));
    expect(error).toMatchObject({ code: "conflict", message: "The note has changed." });
    expect(JSON.stringify(entries())).toContain(CANARY);
    expect(sink.of("call.outcome")).toMatchObject([{ outcome: { code: "conflict", isError: true } }]);
  });

  it.each(["nope", "constructor", "__proto__"])("is internal when the catalogue has no %s", async (reason) => {
    const { server } = testServer({
      tools: [echoTool({ run: (_, call) => (call.fail as (reason: string) => never)(reason) })],
    });
    expect(errorOf(await walk(server)).code).toBe("internal");
  });
});
