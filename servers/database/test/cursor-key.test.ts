import { expect, it } from "vitest";
import { configSchema } from "../src/config/schema.ts";
import { openSources } from "../src/sources/open-sources.ts";
import { sourceSecretFiles } from "../src/sources/refuse-served.ts";
import { testFolder } from "./support/folder.ts";

it("lets a cursor go on in the next process, and keeps the key's file from being served", async () => {
  using folder = testFolder();
  const cursorKeyFile = folder.write("cursor.key", "k".repeat(32));
  const shop = { type: "sqlite", file: folder.shop, cursorKeyFile };
  const config = configSchema.parse({ sources: { shop } });
  const request = { sql: "select id from orders order by id", maxRows: 2, caller: { roles: [], subject: "ann" } };
  /** As after a start: other processes, other secrets. */
  const ask = async (cursor?: string) => {
    const { sources, close } = await openSources(config);
    const page = sources.get("shop")?.source.query({ ...request, ...(cursor === undefined ? {} : { cursor }) });
    return await (page as NonNullable<typeof page>).finally(close);
  };
  const { nextCursor } = await ask();
  expect((await ask(nextCursor)).rows).toEqual([[3], [4]]);
  folder.write("cursor.key", "x".repeat(32));
  await expect(ask(nextCursor)).rejects.toMatchObject({ code: "cursor" });
  expect(sourceSecretFiles(config)).toEqual([cursorKeyFile]);
});
