import { describe, expect, it } from "vitest";
import { type AnyClient, GENERATIONS, overHttp, overStreams } from "../support/clients.ts";
import { startHttp } from "../support/http.ts";
import { echoTool } from "../support/server.ts";
import { connectStdio } from "../support/stdio.ts";

/** `listTools` with a cursor, which one generation follows by itself and the other leaves to its user. */
type Listing = (params?: { cursor: string }) => Promise<{ tools: { name: string }[]; nextCursor?: string }>;

async function everyTool(client: AnyClient): Promise<string[]> {
  const list = client.listTools.bind(client) as Listing;
  const names: string[] = [];
  let answer = await list();
  for (let pages = 0; pages < 10; pages++) {
    names.push(...answer.tools.map(({ name }) => name));
    if (answer.nextCursor === undefined) return names;
    answer = await list({ cursor: answer.nextCursor });
  }
  throw new Error("the listing does not end");
}

const tools = Array.from({ length: 250 }, (_, at) => echoTool({ name: `tool_${String(at).padStart(3, "0")}` }));

describe.each(GENERATIONS)("a listing of several pages: %s", (generation) => {
  const hold = async (client: AnyClient) => {
    try {
      expect(await everyTool(client)).toEqual(tools.map(({ name }) => name));
      const answer = await client.callTool({ name: "tool_249", arguments: { text: "hello" } });
      expect(answer["structuredContent"]).toEqual({ text: "hello" });
    } finally {
      await client.close();
    }
  };

  it("arrives whole over HTTP, and a tool of the last page can be called", async () => {
    await using http = await startHttp({ tools });
    await hold(await overHttp(generation, http.url));
  });

  it("arrives whole over stdio, and a tool of the last page can be called", async () => {
    await using stdio = await connectStdio({ tools });
    await hold(await overStreams(generation, stdio.input, stdio.output));
  });
});
