import { describe, expect, it } from "vitest";
import { TOOL_PAGE } from "../../src/compile/tool-pages.ts";
import type { GuardedServer } from "../../src/server.ts";
import { echoTool, testServer } from "../support/server.ts";
import { alice, errorOf, walk } from "../support/walk.ts";

interface Page {
  readonly tools: { name: string; description: string }[];
  readonly nextCursor?: string;
}

const numbered = (count: number, over: object = {}) =>
  // The last one is defined first: order is the server's doing.
  Array.from({ length: count }, (_, at) => echoTool({ name: `tool_${String(count - at).padStart(4, "0")}`, ...over }));

const ask = (server: GuardedServer, cursor?: string, principal = alice) =>
  walk(server, { method: "tools/list", name: "tools/list", args: cursor === undefined ? {} : { cursor }, principal });

async function page(server: GuardedServer, cursor?: string, principal = alice): Promise<Page> {
  const answer = await ask(server, cursor, principal);
  if (!answer.ok) throw new Error(answer.error.code);
  return answer.result as unknown as Page;
}

async function walkPages(server: GuardedServer, principal = alice): Promise<Page[]> {
  const pages = [await page(server, undefined, principal)];
  for (let next = pages[0]?.nextCursor; next !== undefined; next = pages.at(-1)?.nextCursor) {
    pages.push(await page(server, next, principal));
    if (pages.length > 1000) throw new Error("the listing does not end");
  }
  return pages;
}
const namesOf = (pages: readonly Page[]) => pages.flatMap(({ tools }) => tools.map(({ name }) => name));
const cursorOf = (text: string) => Buffer.from(text, "latin1").toString("base64url");

describe("tools/list", () => {
  it("is one page in the order of the definitions while everything fits, and gives no cursor", async () => {
    const tools = numbered(TOOL_PAGE.maxTools);
    const only = await page(testServer({ tools }).server);
    expect(only.nextCursor).toBeUndefined();
    expect(namesOf([only])).toEqual(tools.map(({ name }) => name));
  });

  it("hints at an open world where a tool says so, whatever its effect", async () => {
    const [said, unsaid] = [true, undefined].map((openWorld) =>
      testServer({ tools: [echoTool(openWorld === undefined ? {} : { openWorld })] }),
    );
    const hint = async ({ server }: { server: GuardedServer }) =>
      ((await page(server)).tools[0] as { annotations?: object } | undefined)?.annotations;
    expect(await hint(said!)).toMatchObject({ readOnlyHint: true, openWorldHint: true });
    expect(await hint(unsaid!)).toMatchObject({ readOnlyHint: true, openWorldHint: false });
  });

  it("is cut by number, in the order of names, and shows each tool once", async () => {
    const tools = numbered(250);
    const pages = await walkPages(testServer({ tools }).server);
    expect(pages.map((one) => one.tools.length)).toEqual([100, 100, 50]);
    expect(namesOf(pages)).toEqual(tools.map(({ name }) => name).toSorted());
  });

  it("is cut by size", async () => {
    const pages = await walkPages(testServer({ tools: numbered(90, { description: "é".repeat(4000) }) }).server);
    expect(namesOf(pages)).toHaveLength(90);
    expect(pages.length).toBe(3);
    for (const one of pages) expect(Buffer.byteLength(JSON.stringify(one))).toBeLessThan(TOOL_PAGE.maxBytes + 1024);
  });

  it("records the bytes that it sends, of both kinds of page", async () => {
    for (const count of [3, 101]) {
      const answer = await ask(testServer({ tools: numbered(count) }).server);
      if (!answer.ok) throw new Error(answer.error.code);
      expect(answer.bytes).toBe(Buffer.byteLength(JSON.stringify(answer.result)));
    }
  });

  it("fills pages with what the caller may see, and ends without an empty one", async () => {
    const mixed = numbered(400).map((tool, at) => (at % 2 === 0 ? tool : { ...tool, scope: "other:use" }));
    const pages = await walkPages(testServer({ tools: mixed }).server);
    expect(pages.map((one) => one.tools.length)).toEqual([100, 100]);
    const unseeing = { ...alice, scopes: new Set<string>() };
    expect(await walkPages(testServer({ tools: mixed }).server, unseeing)).toEqual([{ tools: [] }]);
  });

  it("goes on at the right place when what the caller may see changes between pages", async () => {
    const tools = numbered(300).map((tool) => (/[05]$/.test(tool.name) ? { ...tool, scope: "other:use" } : tool));
    const { server } = testServer({ tools });
    const all = { ...alice, scopes: new Set(["echo:use", "other:use"]) };
    const first = await page(server, undefined, all);
    const last = first.tools.at(-1)?.name ?? "";
    expect(last).toBe("tool_0100");
    // The last one shown is hidden now: an index would be off by twenty.
    const second = await page(server, first.nextCursor, alice);
    expect(second.tools[0]?.name).toBe("tool_0101");
    expect(second.tools.some(({ name }) => /[05]$/.test(name))).toBe(false);
  });

  it("takes a cursor of another replica, also where that one knows tools that this one does not", async () => {
    const [old, now] = [testServer({ tools: numbered(150) }), testServer({ tools: numbered(300) })];
    const { nextCursor } = await page(now.server, (await page(now.server)).nextCursor);
    expect(await page(old.server, nextCursor)).toEqual({ tools: [] });
  });

  it("says of a hidden name what it says of one that does not exist", async () => {
    const tools = [...numbered(150), echoTool({ name: "tool_0100b", scope: "other:use" })];
    const { server } = testServer({ tools });
    const after = async (name: string) => namesOf([await page(server, cursorOf(`after:${name}`))]);
    expect(await after("tool_0100b")).toEqual(await after("tool_0100c"));
  });

  it.each([
    ["text", "tool_0001"],
    ["nothing", ""],
    ["a name without its mark", cursorOf("tool_0001")],
    ["no name", cursorOf("after:")],
    ["an unclear name", cursorOf("after:Tool 1")],
    ["a long name", cursorOf(`after:${"a".repeat(65)}`)],
    ["padding", `${cursorOf("after:tool_0001")}=`],
    ["another alphabet", `${cursorOf("after:tool_0001")}+/`],
    ["a blank", ` ${cursorOf("after:tool_0001")}`],
  ])("refuses a cursor that nobody gave: %s", async (_, cursor) => {
    const answer = await ask(testServer({ tools: numbered(150) }).server, cursor);
    expect(answer).toMatchObject({ ok: false, rpc: -32602 });
    expect(errorOf(answer).code).toBe("invalid_input");
  });

  it("redacts a listing once, and shows it redacted on every call", async () => {
    const secret = `AKIA${"Q3EGRIPLMZNV5T7X".slice(0, 16)}`;
    const { server } = testServer({ tools: [echoTool({ description: `Use ${secret}.` })] });
    for (let times = 0; times < 2; times++) {
      const answer = await ask(server);
      expect(JSON.stringify(answer)).not.toContain(secret);
      if (!answer.ok) throw new Error(answer.error.code);
      expect(answer.bytes).toBe(Buffer.byteLength(JSON.stringify(answer.result)));
    }
  });
});
