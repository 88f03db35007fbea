import { createServer, type GuardedServer } from "@hardened-mcp/server";
import type { ProjectParts } from "@hardened-mcp/server/command-line";
import { projectOptions } from "@hardened-mcp/server/config";
import type { Config } from "./config.ts";
import type { Folders } from "./folders/open-folders.ts";
import { fileResources } from "./resources/file.ts";
import { createFile } from "./tools/create-file.ts";
import { readFile } from "./tools/read-file.ts";

export function createMyServer(
  folders: Folders,
  { config, audit, version, security }: ProjectParts<Config>,
): GuardedServer {
  const { maxFileBytes } = config;
  return createServer({
    name: "my-server",
    version,
    instructions: `Paths begin with the name of a folder: ${[...folders.keys()].join(", ")}.`,
    tools: [readFile(folders, maxFileBytes), createFile(folders, maxFileBytes)],
    resources: [fileResources(folders, maxFileBytes)],
    audit,
    ...projectOptions(config),
    ...security,
  });
}
