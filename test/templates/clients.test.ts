import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const CLIENTS = new URL("../../templates/shared/clients/", import.meta.url);

interface Entry {
  type?: string;
  command?: string;
  args?: string[];
  url?: string;
  headers?: Record<string, string>;
}

const files = ["stdio", "http", "http-token"].flatMap((folder) =>
  readdirSync(new URL(`${folder}/`, CLIENTS)).map((name) => [folder, name] as const),
);

function entryOf(folder: string, name: string): Entry {
  const file = JSON.parse(readFileSync(new URL(`${folder}/${name}`, CLIENTS), "utf8"));
  // VS Code calls the key `servers`; all others, `mcpServers`.
  return file[name === "vscode.json" ? "servers" : "mcpServers"]["my-server"];
}

describe("the client files", () => {
  it("are there for each client by each way that it has", () => {
    const http = ["claude-code.json", "cursor.json", "vscode.json"];
    const of = (folder: string) => files.filter(([one]) => one === folder).map(([, name]) => name);
    expect([of("stdio"), of("http"), of("http-token")]).toEqual([
      ["claude-code.json", "claude-desktop.json", "cursor.json", "vscode.json"],
      http,
      http,
    ]);
  });

  it.each(files)("%s/%s names the server, reading only, and holds no token", (folder, name) => {
    const { command, args, url, headers } = entryOf(folder, name);
    if (folder === "stdio") {
      expect([command, args, url]).toEqual(["node", ["/path/to/my-server/dist/cli.js"], undefined]);
    } else {
      expect([command, url]).toEqual([undefined, "http://127.0.0.1:3000/mcp"]);
      expect(headers?.["Authorization"] ?? "none").toMatch(
        folder === "http" ? /^none$/ : /^Bearer \$\{(MCP_TOKEN|env:MCP_TOKEN|input:mcp-token)\}$/,
      );
    }
  });
});
