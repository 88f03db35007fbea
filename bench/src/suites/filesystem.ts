import { mkdtempSync, utimesSync, writeFileSync } from "node:fs";
import { open as openFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { LineClient } from "../lib/line-client.ts";
import { measureRate, median, shown, table } from "../lib/measure.ts";
import { makeTree } from "./tree.ts";

const ROUNDS = 9;
const require = createRequire(import.meta.url);

interface Case {
  readonly name: string;
  /** Times the official server's calls a second; `undefined` where none is set. */
  readonly target?: number;
  readonly calls: number;
  readonly inFlight: number;
  readonly tool: string;
  args(root: string): object;
  /** Done before each call. */
  before?(root: string): void;
}

const CASES: readonly Case[] = [
  {
    name: "read 1 KiB, one at a time",
    target: 1.3,
    calls: 500,
    inFlight: 1,
    tool: "read_text_file",
    args: (root) => ({ path: join(root, "small.txt") }),
  },
  {
    name: "read 1 KiB, 32 in flight",
    target: 1.3,
    calls: 3000,
    inFlight: 32,
    tool: "read_text_file",
    args: (root) => ({ path: join(root, "small.txt") }),
  },
  {
    name: "list 1,000 entries, one at a time",
    target: 2,
    calls: 200,
    inFlight: 1,
    tool: "list_directory",
    args: (root) => ({ path: join(root, "thousand") }),
  },
  {
    name: "list 1,000 entries, 32 in flight",
    target: 2,
    calls: 500,
    inFlight: 32,
    tool: "list_directory",
    args: (root) => ({ path: join(root, "thousand") }),
  },
  {
    name: "list 1,000 entries, changed before each call, one at a time",
    calls: 200,
    inFlight: 1,
    tool: "list_directory",
    args: (root) => ({ path: join(root, "thousand") }),
    before: touchThousand,
  },
  {
    name: "list 1,000 entries, changed before each call, 32 in flight",
    calls: 500,
    inFlight: 32,
    tool: "list_directory",
    args: (root) => ({ path: join(root, "thousand") }),
    before: touchThousand,
  },
  {
    name: "read 1 MiB, 32 in flight",
    target: 1.5,
    calls: 96,
    inFlight: 32,
    tool: "read_text_file",
    args: (root) => ({ path: join(root, "large.txt") }),
  },
  {
    name: "name search in 10,000 files",
    target: 10,
    calls: 2,
    inFlight: 1,
    tool: "search_files",
    args: (root) => ({ path: join(root, "tree"), pattern: "**/*.needle" }),
  },
];

/** A folder with new times is listed anew: this shows what a listing costs where nothing may be remembered. */
function touchThousand(root: string): void {
  const now = new Date();
  utimesSync(join(root, "thousand"), now, now);
}

type Side = "official" | "ours";

/** Our filesystem server, durable auditing on, against `@modelcontextprotocol/server-filesystem`, in turn, one client. */
export async function benchFilesystem(): Promise<string> {
  const tree = makeTree();
  const commands = serverCommands(tree.root);
  try {
    const starts = await measureStarts(commands);
    const rows: string[][] = [
      [
        "start to the first tools/list answer",
        `${shown(starts.official)} ms`,
        `${shown(starts.ours)} ms`,
        `${shown(starts.official / starts.ours)} ×`,
        "1 ×",
      ],
    ];
    for (const one of CASES) rows.push(...(await measureCase(one, commands, tree.root)));
    return [
      "### Filesystem server",
      "",
      "Against `@modelcontextprotocol/server-filesystem` over stdio: same Node, same client, same files, in turn. Ours writes its audit log to disk before each answer; the other has none.",
      "",
      table(["", "official", "ours", "ratio", "target"], rows),
      "",
      `Appending two records and syncing them took ${shown(await diskFloorMs())} ms at the median on this disk, with nothing else to do. One at a time, ours cannot answer sooner than that.`,
    ].join("\n");
  } finally {
    tree.remove();
  }
}

/** What one durable answer costs on this disk whoever writes it: an append of two records and a sync, in milliseconds. */
async function diskFloorMs(): Promise<number> {
  const file = await openFile(join(mkdtempSync(join(tmpdir(), "bench-disk-")), "log"), "a");
  const records = Buffer.alloc(1100, "x");
  const times: number[] = [];
  for (let i = 0; i < 500; i++) {
    const from = performance.now();
    await file.write(records);
    await file.datasync();
    times.push(performance.now() - from);
  }
  await file.close();
  return median(times);
}

function serverCommands(root: string): Record<Side, readonly string[]> {
  const state = mkdtempSync(join(tmpdir(), "bench-state-"));
  const config = join(state, "config.json");
  // The highest rate that can be configured: a bench measures everything else.
  writeFileSync(config, JSON.stringify({ limits: { callsPerMinute: 1_000_000 } }));
  const official = join(
    dirname(require.resolve("@modelcontextprotocol/server-filesystem/package.json")),
    "dist/index.js",
  );
  const ours = join(dirname(require.resolve("@hardened-mcp/filesystem/package.json")), "dist/cli.js");
  return { official: [official, root], ours: [ours, "--config", config, "--audit-dir", join(state, "audit"), root] };
}

async function open(command: readonly string[]): Promise<LineClient> {
  const client = new LineClient(process.execPath, command);
  await client.open();
  await client.request("tools/list");
  return client;
}

async function measureStarts(commands: Record<Side, readonly string[]>): Promise<Record<Side, number>> {
  const times: Record<Side, number[]> = { official: [], ours: [] };
  for (let round = 0; round < 7; round++) {
    for (const side of ["official", "ours"] as const) {
      const from = performance.now();
      const client = await open(commands[side]);
      times[side].push(performance.now() - from);
      await client.close();
    }
  }
  return { official: median(times.official), ours: median(times.ours) };
}

/** Fresh servers for each case, so that peak memory is that case's own. */
async function measureCase(one: Case, commands: Record<Side, readonly string[]>, root: string): Promise<string[][]> {
  const clients: Record<Side, LineClient> = {
    official: await open(commands.official),
    ours: await open(commands.ours),
  };
  const rates: Record<Side, number[]> = { official: [], ours: [] };
  const args = one.args(root);
  for (let round = 0; round <= ROUNDS; round++) {
    for (const side of ["official", "ours"] as const) {
      const call = (): Promise<unknown> => {
        one.before?.(root);
        return clients[side].call(one.tool, args);
      };
      const { perSecond } = await measureRate(call, one.calls, one.inFlight);
      // The first round warms up.
      if (round > 0) rates[side].push(perSecond);
    }
  }
  const peak = { official: clients.official.peakBytes() / 2 ** 20, ours: clients.ours.peakBytes() / 2 ** 20 };
  await Promise.all([clients.official.close(), clients.ours.close()]);
  const [official, ours] = [median(rates.official), median(rates.ours)];
  const rows = [
    [
      `${one.name}, calls/s`,
      shown(official),
      shown(ours),
      `${shown(ours / official)} ×`,
      one.target === undefined ? "" : `${one.target} ×`,
    ],
  ];
  if (one.name.startsWith("read 1 MiB")) {
    rows.push([
      "its peak memory",
      `${shown(peak.official)} MiB`,
      `${shown(peak.ours)} MiB`,
      `${shown(peak.ours / peak.official)} ×`,
      "at most 0.25 ×",
    ]);
  }
  return rows;
}
