import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { testFolder } from "./support/folder.ts";
import { CLI } from "./support/session.ts";
import { SHOP_DOCUMENT } from "./support/shop-document.ts";

it("does not start where the document says something else of an operation, or of one that is off", () => {
  using folder = testFolder();
  const toolsLock = join(folder.path, "tools.lock.json");
  const spec = folder.write("shop.json", SHOP_DOCUMENT);
  const config = folder.write("config.json", {
    apis: { api: { spec, operations: { write: ["pay"] } } },
    auditDir: folder.audit,
    toolsLock,
  });
  const run = (...argv: string[]) =>
    spawnSync(process.execPath, [CLI, "--config", config, ...argv], { encoding: "utf8", input: "" });
  expect(run("--write-tools-lock").stdout).toContain("is new: 1 tool, 0 prompts, 0 resources; --allow-write adds");
  expect(run().status).toBe(0);
  expect(run("--allow-write").status).toBe(0);

  const { get_order } = (JSON.parse(readFileSync(toolsLock, "utf8")) as { tools: Record<string, object> }).tools;
  expect(get_order).toMatchObject({ effect: "read", pinned: expect.stringMatching(/^[\w-]{43}$/) });
  const text = readFileSync(spec, "utf8");
  folder.write("shop.json", text.replaceAll(/"summary":"/g, '"summary":"Now: '));
  const { status, stderr } = run();
  expect([status, stderr]).toEqual([78, expect.stringMatching(/\n- tool get_order: .*description changed\n/)]);
  expect(run("--check-tools-lock").stderr).toContain("- tool pay: ");
});
