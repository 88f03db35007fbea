import { type ApiServer, SIDES, type Side } from "../lib/api-servers.ts";
import { shown, table } from "../lib/measure.ts";

const MIB = 2 ** 20;
const CALLS = 5;

/** What answers of 100 MB cost whoever asks for them: peak memory over that of a server that has answered a small one. */
export async function benchApiMemory(servers: Readonly<Record<Side, ApiServer>>): Promise<string> {
  const rows: string[][] = [];
  for (const side of SIDES) rows.push(await measure(side, servers[side]));
  return [
    `An answer of 100 MB, ${CALLS} times. Our cap is 1 MiB, as by default; the others have none on what they read.`,
    "",
    table(["server", "peak before", "peak after", "growth", "it says", "target"], rows),
  ].join("\n");
}

async function measure(side: Side, server: ApiServer): Promise<string[]> {
  const { client } = await server.start();
  const args = { id: "x-1" };
  // What comes with the first hundred calls is the server's own growth and not that of large answers.
  for (let at = 0; at < 100; at++) await client.call(server.tool("getRecord"), args);
  const before = client.treePeakBytes() / MIB;
  let said = "";
  for (let at = 0; at < CALLS; at++) {
    const { failed } = await client.request("tools/call", { name: server.tool("getHuge"), arguments: args });
    said = failed ? "an error" : "an answer";
  }
  const after = client.treePeakBytes() / MIB;
  await client.close();
  return [
    side,
    `${shown(before)} MiB`,
    `${shown(after)} MiB`,
    `**${shown(after - before)} MiB**`,
    said,
    side === "ours" ? "no more than the cap, and what the collector leaves" : "",
  ];
}
