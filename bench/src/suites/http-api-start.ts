import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { largeDocument } from "../lib/api-document.ts";
import { type ApiServer, generated, mcpOpenapi, ours } from "../lib/api-servers.ts";
import { inTurn, median, shown, table } from "../lib/measure.ts";

const STARTS = 5;
const OPERATIONS = 1000;

/** From nothing to the last page of tools, with a document of a thousand operations. */
export async function benchApiStart(folder: string, baseUrl: string): Promise<string> {
  mkdirSync(folder, { recursive: true });
  const document = join(folder, "large.json");
  writeFileSync(document, JSON.stringify(largeDocument(baseUrl, OPERATIONS)));
  const servers: Readonly<Record<string, ApiServer>> = {
    ours: ours(join(folder, "ours"), document, baseUrl, { cedar: false }),
    "mcp-openapi": mcpOpenapi(document, baseUrl),
    "openapi-mcp-generator": generated(join(folder, "generated"), document),
  };
  const names = Object.keys(servers);
  const listed = new Map<string, number>();
  const peaks = new Map<string, number>();
  const figures = await inTurn(names, STARTS, async (name) => {
    const from = performance.now();
    const started = await servers[name]?.start();
    const ms = performance.now() - from;
    listed.set(name, started?.tools ?? 0);
    peaks.set(name, (started?.client.treePeakBytes() ?? 0) / 2 ** 20);
    await started?.client.close();
    return ms;
  });
  return [
    `Start with a document of ${OPERATIONS.toLocaleString("en")} operations, to the last page of \`tools/list\`. Where a document is large, mcp-openapi lists three tools that search it in place of its operations; what openapi-mcp-generator has read is in its code, and its generation is not in the time.`,
    "",
    table(
      ["server", "start", "tools listed", "its peak memory", "target"],
      names.map((name) => [
        name,
        `${shown(median(figures.get(name) ?? []))} ms`,
        String(listed.get(name)),
        `${shown(peaks.get(name) ?? 0)} MiB`,
        name === "ours" ? "under 1,000 ms, all 1,000" : "",
      ]),
    ),
  ].join("\n");
}
