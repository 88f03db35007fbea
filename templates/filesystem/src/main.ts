import { createServer } from "@hardened-mcp/server";
import { projectCommand } from "@hardened-mcp/server/command-line";
import { config } from "./config.ts";
import { openFolders } from "./folders.ts";
import { fileResources } from "./resources/file.ts";
import { createFile } from "./tools/create-file.ts";
import { readFile } from "./tools/read-file.ts";

export const { main, exitCodeOf } = projectCommand({
  name: "my-server",
  about: "Files of one's own folders.",
  module: import.meta.url,
  config,
  served: ({ roots }) => Object.fromEntries(Object.entries(roots).map(([name, path]) => [`roots.${name}`, path])),
  create: ({ config, options }) => {
    const folders = openFolders(config);
    const { maxFileBytes } = config;
    return {
      server: createServer({
        ...options(),
        // Not made from the configuration: tools.lock.json holds every start to what was reviewed.
        instructions: "A path begins with the name of a served folder, such as files/notes/plan.md.",
        tools: [readFile(folders, maxFileBytes), createFile(folders, maxFileBytes)],
        resources: [fileResources(folders, maxFileBytes)],
      }),
    };
  },
});
