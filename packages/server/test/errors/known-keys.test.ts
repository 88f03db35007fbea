import { describe, expect, it } from "vitest";
import { z } from "zod";
import { defineTool } from "../../src/define/tool.ts";
import { createLog } from "../../src/log.ts";
import { serve } from "../../src/serve.ts";
import { createServer } from "../../src/server.ts";

const audit = { write: () => 0, durable: async () => undefined, digest: () => ({ digest: "", bytes: 0 }) };
const log = createLog("test", "silent");
const base = { name: "t", version: "1.0.0", audit, log };
const spec = {
  name: "echo",
  description: "Echo.",
  effect: "read" as const,
  scope: "t:use",
  input: z.strictObject({}),
  output: z.string(),
  run: () => "",
};

describe("a misspelt option never switches protection off in silence", () => {
  it.each([
    ["createServer", () => createServer({ ...base, loca: {} } as never), "local"],
    ["its limits", () => createServer({ ...base, limits: { deadlineMS: 1 } } as never), "deadlineMs"],
    ["defineTool", () => defineTool({ ...spec, limit: {} } as never), "limits"],
  ])("%s refuses it and names the right one", (_, start, right) => {
    expect(start).toThrow(`Did you mean "${right}"?`);
  });

  it.each([
    ["serve", { stdio: true, weakenings: [] }, "weakening"],
    ["http", { http: { port: 0, allowedHost: ["x"] } }, "allowedHosts"],
    ["http.limits", { http: { port: 0, limits: { maxBodyByte: 1 } } }, "maxBodyBytes"],
  ])("%s refuses it and names the right one", async (_, options, right) => {
    await expect(serve(createServer(base), options as never)).rejects.toThrow(`Did you mean "${right}"?`);
  });
});
