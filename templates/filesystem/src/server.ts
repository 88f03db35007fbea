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
    // Not made from the configuration: tools.lock.json holds every start to what was reviewed.
    instructions: "A path begins with the name of a served folder, such as files/notes/plan.md.",
    tools: [readFile(folders, maxFileBytes), createFile(folders, maxFileBytes)],
    resources: [fileResources(folders, maxFileBytes)],
    audit,
    ...projectOptions(config),
    ...security,
  });
}
