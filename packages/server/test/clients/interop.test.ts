import { afterEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { definePrompt } from "../../src/define/prompt.ts";
import { defineResource } from "../../src/define/resource.ts";
import type { ServerOptions } from "../../src/options.ts";
import { type AnyClient, GENERATIONS, type Generation, overHttp, overStreams } from "../support/clients.ts";
import { startHttp } from "../support/http.ts";
import { echoTool } from "../support/server.ts";
import type { FakeSink } from "../support/sink.ts";
import { connectStdio } from "../support/stdio.ts";

const CANARY = "canary-7c1f";

const definition: Partial<ServerOptions> = {
  tools: [
    echoTool(),
    echoTool({ name: "extra", run: ({ text }) => ({ text, secret: CANARY }) as never }),
    echoTool({
      name: "broken",
      run: () => {
        throw new Error(CANARY);
      },
    }),
    echoTool({ name: "remove", effect: "destroy" }),
    echoTool({ name: "write_it", effect: "write" }),
  ],
  enable: ["destroy"],
  prompts: [
    definePrompt({
      name: "greet",
      description: "Greets.",
      scope: "echo:use",
      input: z.strictObject({}),
      run: () => [{ role: "user", content: { type: "text", text: "hi" } }],
    }),
  ],
  resources: [
    defineResource({
      name: "note",
      description: "A note.",
      scope: "echo:use",
      uri: "note://{id}",
      read: ({ uri, variables }) => [{ uri, text: `note ${variables["id"]}` }],
    }),
  ],
};

interface FullClient extends AnyClient {
  getPrompt(params: { name: string }): Promise<{ messages: unknown[] }>;
  listPrompts(): Promise<{ prompts: { name: string; arguments?: unknown[] }[] }>;
  readResource(params: { uri: string }): Promise<{ contents: { text: string }[] }>;
  listResourceTemplates(): Promise<{ resourceTemplates: { uriTemplate: string }[] }>;
  listResources(): Promise<{ resources: unknown[] }>;
}

/** Records of calls. An old HTTP client also asks for a stream by GET whenever it likes, and that 405 is on record too. */
const callsOf = (sink: FakeSink) => sink.events.filter((event) => event.type.startsWith("call."));

const opened: (() => PromiseLike<unknown>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

async function connect(
  generation: Generation,
  transport: "http" | "stdio",
): Promise<{ client: FullClient; sink: FakeSink }> {
  if (transport === "http") {
    const http = await startHttp(definition);
    opened.push(() => http[Symbol.asyncDispose]());
    const client = await overHttp(generation, http.url);
    opened.push(() => client.close());
    return { client: client as FullClient, sink: http.sink };
  }
  const stdio = await connectStdio(definition);
  opened.push(() => stdio[Symbol.asyncDispose]());
  const client = await overStreams(generation, stdio.input, stdio.output);
  opened.push(() => client.close());
  return { client: client as FullClient, sink: stdio.sink };
}

const cases = GENERATIONS.flatMap((generation) =>
  (["http", "stdio"] as const).map((transport) => [generation, transport] as const),
);

describe.each(cases)("%s over %s", (generation, transport) => {
  it("lists the enabled tools and calls one", async () => {
    const { client } = await connect(generation, transport);
    const { tools } = await client.listTools();
    expect(tools.map((tool) => tool.name)).toEqual(["echo", "extra", "broken", "remove"]);
    expect(await client.callTool({ name: "echo", arguments: { text: "hello" } })).toMatchObject({
      content: [{ type: "text", text: '{"text":"hello"}' }],
      structuredContent: { text: "hello" },
    });
  });

  it.each([
    ["broken", { text: "x" }, "internal"],
    ["remove", { text: "x" }, "approval_required"],
    ["echo", { txt: "x" }, "invalid_input"],
  ])("gets the refusal of %s(%j) as data, having listed the tools", async (name, args, code) => {
    const { client, sink } = await connect(generation, transport);
    await client.listTools();
    const before = callsOf(sink).length;
    const answer = await client.callTool({ name, arguments: args });
    const { error } = answer["structuredContent"] as { error: { code: string; ref: string } };
    expect(answer["isError"]).toBe(true);
    expect(error).toMatchObject({ code, ref: expect.stringMatching(/^[\w-]{16}$/), message: expect.any(String) });
    expect(JSON.parse((answer["content"] as { text: string }[])[0]!.text)).toEqual({ error });
    expect(JSON.stringify(answer)).not.toContain(CANARY);
    const ends = callsOf(sink)
      .slice(before)
      .filter((event) => event.type !== "call.intent");
    expect(ends.map((event) => "ref" in event && event.ref)).toEqual([error.ref]);
  });

  it.each(["write_it", "nope", "__proto__", "constructor", "toString", "hasOwnProperty"])(
    "is told that there is no tool %s, once on record",
    async (name) => {
      const { client, sink } = await connect(generation, transport);
      const before = callsOf(sink).length;
      await expect(client.callTool({ name, arguments: {} })).rejects.toMatchObject({ code: -32602 });
      expect(callsOf(sink).slice(before)).toMatchObject([
        { type: "call.refused", tool: { name }, decision: { code: "not_found", step: "find" } },
      ]);
    },
  );

  it("does not receive a key that the output does not declare", async () => {
    const { client } = await connect(generation, transport);
    const answer = await client.callTool({ name: "extra", arguments: { text: "x" } });
    expect(answer["structuredContent"]).toEqual({ text: "x" });
    expect(JSON.stringify(answer)).not.toContain(CANARY);
  });

  it("gets prompts and resources", async () => {
    const { client } = await connect(generation, transport);
    expect((await client.listPrompts()).prompts).toMatchObject([{ name: "greet", arguments: [] }]);
    expect((await client.getPrompt({ name: "greet" })).messages).toHaveLength(1);
    expect((await client.listResourceTemplates()).resourceTemplates).toMatchObject([{ uriTemplate: "note://{id}" }]);
    expect((await client.listResources()).resources).toEqual([]);
    expect((await client.readResource({ uri: "note://7" })).contents).toMatchObject([
      { uri: "note://7", text: "note 7" },
    ]);
  });

  it.each(["note://", "note://a/b", "other://1", "", "note://../x/", "\u0000"])(
    "is refused the resource %j with -32602",
    async (uri) => {
      const { client, sink } = await connect(generation, transport);
      const before = callsOf(sink).length;
      await expect(client.readResource({ uri })).rejects.toMatchObject({ code: -32602 });
      expect(callsOf(sink).slice(before)).toMatchObject([{ type: "call.refused", decision: { code: "not_found" } }]);
    },
  );
});
