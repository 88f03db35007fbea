// The end-to-end proof: everything is packed and published to a registry on this machine, and projects are made from that as
// users make them. `node e2e/main.ts [--rows N] [--full]`
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packWorkspace } from "../scripts/pack/pack-workspace.ts";
import { type Tried, tryRow } from "./check-row.ts";
import { installTools, toolsFor } from "./managers.ts";
import { publishAll, startRegistry } from "./registry.ts";
import { everyPair, type Row, titleOf } from "./rows.ts";
import { createServices } from "./services.ts";
import { createWorld } from "./world.ts";

const only = process.argv.slice(2);
const rows = everyPair().filter((row) => only.every((word) => titleOf(row).split(" ").includes(word)));
const packed = mkdtempSync(join(tmpdir(), "hardened-mcp-packed-"));
packWorkspace(packed);
const registry = await startRegistry();
const world = createWorld(registry.url);
const services = createServices(packed);
const tried: Tried[] = [];
try {
  console.log(`${(await publishAll(world, packed)).length} packages published to ${registry.url}`);
  await installTools(world, toolsFor(rows));
  const waiting = [...rows.entries()];
  await Promise.all([next(waiting), next(waiting)]);
} finally {
  await services.stop();
  await registry.stop();
  world.remove();
  rmSync(packed, { recursive: true, force: true });
}
const failed = tried.filter(({ failure }) => failure !== undefined).length;
console.log(`${tried.length - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

async function next(waiting: [number, Row][]): Promise<void> {
  for (let one = waiting.shift(); one !== undefined; one = waiting.shift()) {
    const [at, row] = one;
    // yarn 1 hands its arguments to a shell as one line, so a name with a space cannot be said to it.
    const dir = row.pm === "yarn" ? `my-server-${at}` : `my server ${at}`;
    const done = await tryRow(row, dir, world, services);
    tried.push(done);
    console.log(describe(done));
  }
}

function describe({ row, ms, failure }: Tried): string {
  const steps = [...ms].map(([step, spent]) => `${step} ${(spent / 1000).toFixed(1)} s`).join(", ");
  return `${failure === undefined ? "ok    " : "FAILED"} ${titleOf(row)}: ${steps}${
    failure === undefined ? "" : `\n  ${failure.step}: ${failure.why.replaceAll("\n", "\n  ")}`
  }`;
}
