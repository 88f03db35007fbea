import { describe, expect, it } from "vitest";
import { defineResource, type ResourcePage } from "../../src/define/resource.ts";
import { echoTool, testServer } from "../support/server.ts";
import { alice, errorOf, walk } from "../support/walk.ts";

const family = (name: string, list?: (cursor: string | undefined) => ResourcePage) =>
  defineResource({
    name,
    description: "x",
    scope: "echo:use",
    uri: `${name}://{id}`,
    read: ({ uri }) => [{ uri, text: "" }],
    ...(list === undefined ? {} : { list }),
  });
const fixed = defineResource({
  name: "fixed",
  description: "x",
  scope: "echo:use",
  uri: "fixed://x",
  read: ({ uri }) => [{ uri, text: "" }],
});
const page = async (server: ReturnType<typeof testServer>["server"], cursor?: string) => {
  const answer = await walk(server, {
    method: "resources/list",
    name: "resources/list",
    args: cursor === undefined ? {} : { cursor },
  });
  if (!answer.ok) throw new Error(answer.error.code);
  return answer.result as unknown as ResourcePage;
};

describe("lists", () => {
  it("show a caller only what it may use", async () => {
    const { server } = testServer({ tools: [echoTool(), echoTool({ name: "hidden", scope: "other:use" })] });
    const answer = await walk(server, { method: "tools/list", name: "tools/list", args: {} });
    expect(answer.ok && (answer.result["tools"] as { name: string }[]).map((tool) => tool.name)).toEqual(["echo"]);
  });

  it("are calls like any other: refused without a principal, and on record", async () => {
    const { server, sink } = testServer();
    expect(
      errorOf(await walk(server, { method: "tools/list", name: "tools/list", args: {}, principal: null })).code,
    ).toBe("denied");
    await walk(server, { method: "tools/list", name: "tools/list", args: {} });
    expect(sink.events.map((event) => event.type)).toEqual(["call.refused", "call.intent", "call.outcome"]);
  });

  it.each(["tools/list", "prompts/list", "resources/templates/list", "resources/list"] as const)(
    "%s refuses cursors that nobody gave",
    async (method) => {
      const { server } = testServer({ tools: [echoTool()], resources: [fixed] });
      for (const cursor of ["x", "0:", "1:", "-1:", "00000:", "", "99999999999999999999:", "0:\u0000"]) {
        const answer = await walk(server, { method, name: method, args: { cursor } });
        expect(answer).toMatchObject({ ok: false, rpc: -32602, error: { code: "invalid_input" } });
      }
    },
  );

  it("of resources go through every family, page by page, and end", async () => {
    const entries = (name: string, from: number) => [{ uri: `${name}://${from}`, name: `${from}` }];
    const { server } = testServer({
      resources: [
        fixed,
        family("a", (cursor) => ({
          resources: entries("a", Number(cursor ?? 0)),
          ...(cursor === "1" ? {} : { nextCursor: "1" }),
        })),
        family("unlisted"),
        family("b", () => ({ resources: entries("b", 0), nextCursor: "" })),
      ],
    });
    const seen: string[] = [];
    let cursor: string | undefined;
    let pages = 0;
    do {
      const answer: ResourcePage = await page(server, cursor);
      seen.push(...answer.resources.map((one) => one.uri));
      cursor = answer.nextCursor;
      pages++;
    } while (cursor !== undefined && pages < 10);
    expect(seen).toEqual(["fixed://x", "a://0", "a://1", "b://0"]);
    expect(pages).toBe(3);
  });

  it("of resources lose undeclared keys and hidden characters, like every output", async () => {
    const { server } = testServer({
      resources: [family("a", () => ({ resources: [{ uri: "a://1", name: "x\u202ey", secret: "canary" } as never] }))],
    });
    const listed = JSON.stringify(await page(server));
    expect(listed).not.toContain("canary");
    expect(listed).not.toContain("\u202e");
  });

  it("of resources with a wrong entry are our fault", async () => {
    const { server } = testServer({ resources: [family("a", () => ({ resources: [{ uri: 7 }] }) as never)] });
    await expect(page(server)).rejects.toThrow("internal");
  });

  it("of a server with nothing to offer are empty", async () => {
    const answer = await walk(testServer().server, {
      method: "tools/list",
      name: "tools/list",
      args: {},
      principal: alice,
    });
    expect(answer).toMatchObject({ ok: true, result: { tools: [] } });
  });
});
