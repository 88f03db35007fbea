import { expect, it } from "vitest";
import { testFolder } from "./support/folder.ts";
import { openApi } from "./support/session.ts";
import { SHOP_DOCUMENT } from "./support/shop-document.ts";

const served = { baseUrl: "https://api.shop.com/v1", document: SHOP_DOCUMENT };
const purge = {
  method: "DELETE",
  path: "/orders",
  description: "Deletes all orders.",
};

it("a DELETE that counts as a write is on record, whoever wrote it", async () => {
  using folder = testFolder();
  const operations = { write: ["deleteOrder"], set: { deleteOrder: { effect: "write" } } };
  const tools = { purge: { ...purge, effect: "write" } };
  const session = await openApi(folder, served, { args: ["--allow-write"], api: { operations, tools } });
  await session[Symbol.asyncDispose]();
  const flags = folder.records().flatMap(({ type, detail }) => (type === "weakening" ? [detail] : []));
  expect(flags).toEqual([
    { flag: "apis.api: effect write for DELETE /orders/{id}" },
    { flag: "apis.api: effect write for DELETE /orders" },
  ]);
});

it("nothing is on record where nothing is weakened", async () => {
  using folder = testFolder();
  const operations = { write: ["deleteOrder", "pay"], set: { deleteOrder: { effect: "external" } } };
  const session = await openApi(folder, served, { args: ["--allow-write"], api: { operations, tools: { purge } } });
  await session[Symbol.asyncDispose]();
  expect(folder.records().filter(({ type }) => type === "weakening")).toEqual([]);
});
