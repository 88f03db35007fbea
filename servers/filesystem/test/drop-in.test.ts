import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { describe, expect, it } from "vitest";
import { testFolder } from "./support/folder.ts";
import { openSession } from "./support/session.ts";

const OFFICIAL = fileURLToPath(
  new URL("../../../bench/node_modules/@modelcontextprotocol/server-filesystem/dist/index.js", import.meta.url),
);
const WRITING = ["write_file", "edit_file", "create_directory", "move_file"];

describe.runIf(existsSync(OFFICIAL))("swapping the official server for this one", () => {
  it("keeps every reading tool and every argument", async () => {
    using folder = testFolder();
    const official = new Client({ name: "test", version: "1" });
    await official.connect(
      new StdioClientTransport({ command: process.execPath, args: [OFFICIAL, folder.root], stderr: "ignore" }),
    );
    const theirs = (await official.listTools()).tools.filter(({ name }) => !WRITING.includes(name));
    await official.close();
    await using session = await openSession(folder);
    const ours = await session.listTools();
    expect(theirs.length).toBeGreaterThan(9);
    for (const { name, inputSchema } of theirs) {
      const same = ours.find((tool) => tool.name === name);
      expect(same, name).toBeDefined();
      expect(Object.keys(same?.inputSchema.properties ?? {}), name).toEqual(
        expect.arrayContaining(Object.keys(inputSchema.properties ?? {})),
      );
    }
    expect(JSON.stringify(ours).length).toBeLessThan(JSON.stringify(theirs).length * 2);
  });
});
