import { describe, expect, it } from "vitest";
import { testFolder } from "./support/folder.ts";
import { GENERATIONS, openApi } from "./support/session.ts";
import { thousandOperations } from "./support/thousand.ts";
import { httpUpstream, json } from "./support/upstreams/index.ts";

describe.each(GENERATIONS)("an API of a thousand operations: %s", (generation) => {
  it("starts, is listed page by page, is on record whole, and answers", async () => {
    using folder = testFolder();
    await using upstream = await httpUpstream(() => json({ items: [] }));
    const document = thousandOperations({ server: upstream.origin });
    const write = Object.values(document["paths"] as Record<string, Record<string, { operationId?: string }>>)
      .flatMap((path) => ["post", "put", "delete"].map((method) => path[method]?.operationId))
      .filter((id) => id !== undefined);
    await using session = await openApi(
      folder,
      { baseUrl: upstream.origin, document },
      { generation, args: ["--allow-write"], api: { operations: { write } } },
    );
    const tools = await session.listTools();
    expect(tools.map(({ name }) => name)).toHaveLength(1000);
    expect(new Set(tools.map(({ name }) => name)).size).toBe(1000);

    const recorded = folder
      .records()
      .filter(({ detail }) => (detail as { what?: string } | undefined)?.what === "tools")
      .flatMap(({ detail }) => Object.keys(detail as object).filter((key) => key.startsWith("tool.")));
    expect(new Set(recorded).size).toBe(1000);

    const answer = await session.call("list_item0s", {});
    expect([answer.isError, answer.text]).toEqual([false, expect.stringContaining("items")]);
  });
});
