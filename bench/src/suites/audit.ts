import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type AuditLog, openAuditLog } from "@hardened-mcp/audit";
import { intentOf, outcomeOf } from "../lib/audit-events.ts";
import { bareCommit } from "../lib/bare-commit.ts";
import { LineClient } from "../lib/line-client.ts";
import { inTurn, measureRate, median, ratio, shown, table } from "../lib/measure.ts";

const RECORDS = 60_000;
const CALLERS = 64;
const ROUNDS = 7;
const CALLS = 10_000;

/** Durable records, what they cost a call, and how fast a log is verified. `HARDENED_MCP_BENCH_LONG=1`: 5,000,000 of them. */
export async function benchAudit(): Promise<string> {
  return [
    "### The audit log",
    "",
    await benchWriting(),
    "",
    await benchCalls(),
    "",
    await benchVerify(
      process.env["HARDENED_MCP_BENCH_LONG"] === "1" ? [10_000, 1_000_000, 5_000_000] : [10_000, 1_000_000],
    ),
  ].join("\n");
}

async function benchWriting(): Promise<string> {
  const line = await oneLine();
  const figures = await inTurn(["bare", "ours"] as const, ROUNDS, (name) => (name === "bare" ? bare(line) : ours()));
  const [bareRate, ourRate] = [figures.get("bare") ?? [], figures.get("ours") ?? []];
  return [
    `Durable records a second, ${CALLERS} callers, each waiting for its own (${line.length} bytes). The floor writes lines of the same length that were made before; ours builds, chains, puts into the tree and signs.`,
    "",
    table(
      ["writer", "records/s", "of the floor", "target"],
      [
        ["bare group commit", shown(median(bareRate)), "1 ×", ""],
        [
          "the audit log",
          shown(median(ourRate)),
          `**${shown(ratio(ourRate, bareRate))} ×**`,
          "at least 0.6 ×, and 20,000 where the floor makes 35,000",
        ],
      ],
    ),
  ].join("\n");
}

/** A line as long as the records are on average. */
async function oneLine(): Promise<string> {
  return await inFolder(async (dir) => {
    const log = await openAuditLog({ dir, server: "bench" });
    for (let i = 0; i < 100; i++) write(log, i);
    await log.close();
    const name = readdirSync(dir).find((one) => one.endsWith(".jsonl")) ?? "";
    const lines = readFileSync(join(dir, name), "latin1").split("\n").slice(1, 101);
    const bytes = Math.round(lines.reduce((sum, one) => sum + one.length + 1, 0) / lines.length);
    return `${"x".repeat(bytes - 1)}\n`;
  });
}

function write(log: AuditLog, i: number): void {
  log.write(i % 2 === 0 ? intentOf(`ref-${i}-abcdef`) : outcomeOf(`ref-${i - 1}-abcdef`));
}

function ours(): Promise<number> {
  return inFolder(async (dir) => {
    const log = await openAuditLog({ dir, server: "bench" });
    let i = 0;
    const { perSecond } = await measureRate(
      () => {
        write(log, i++);
        return log.durable();
      },
      RECORDS,
      CALLERS,
    );
    await log.close();
    return perSecond;
  });
}

function bare(line: string): Promise<number> {
  return inFolder(async (dir) => {
    const commit = bareCommit(join(dir, "lines"));
    const { perSecond } = await measureRate(() => commit.durable(line), RECORDS, CALLERS);
    commit.close();
    return perSecond;
  });
}

/** A tool that only echoes is the hardest case: nothing else takes time that the disk could hide in. */
async function benchCalls(): Promise<string> {
  const rows = await inFolder(async (dir) => {
    writeFileSync(join(dir, "note.txt"), `${"x".repeat(1023)}\n`);
    return [
      ...(await calls("echo, five letters", ["stdio-ours.js"], "echo", { text: "hello" })),
      ...(await calls("the filesystem server, a read of 1 KiB", ["stdio-files.js", dir], "read_text_file", {
        path: join(dir, "note.txt"),
      })),
    ];
  });
  return [
    "One `tools/call` over stdio, 32 in flight: what a client waits for. Target: at most 1.5 × with the log.",
    "",
    table(["call", "p50 without log", "p50, each answer on disk first", "ratio"], rows),
  ].join("\n");
}

async function calls(what: string, server: readonly string[], tool: string, args: object): Promise<string[][]> {
  const targets = new Map<"without" | "with", LineClient>();
  for (const [name, more] of [
    ["without", []],
    ["with", ["--audit"]],
  ] as const) {
    const [script = "", ...rest] = server;
    const path = new URL(`../servers/${script}`, import.meta.url).pathname;
    const client = new LineClient(process.execPath, [path, ...rest, ...more]);
    await client.open();
    await measureRate(() => client.call(tool, args), CALLS, 32);
    targets.set(name, client);
  }
  const figures = await inTurn(["without", "with"] as const, ROUNDS, async (name) => {
    const client = targets.get(name);
    return (await measureRate(async () => client?.call(tool, args), CALLS, 32)).p50Ms;
  });
  await Promise.all([...targets.values()].map((client) => client.close()));
  const [without, audited] = [figures.get("without") ?? [], figures.get("with") ?? []];
  return [
    [what, `${shown(median(without))} ms`, `${shown(median(audited))} ms`, `**${shown(ratio(audited, without))} ×**`],
  ];
}

async function benchVerify(sizes: readonly number[]): Promise<string> {
  const rows: string[][] = [];
  for (const size of sizes) {
    const { records, ms, peakBytes } = await inFolder(async (dir) => {
      await fill(dir, size);
      return verifyIn(dir);
    });
    rows.push([String(records), shown((records / ms) * 1000), `${shown(peakBytes / 1024 / 1024)} MiB`]);
  }
  return [
    "`hardened-mcp audit verify`: every hash, the chain, the tree, every signature. Target: at least 50,000 records/s, memory flat.",
    "",
    table(["records", "records/s", "peak memory of the process"], rows),
  ].join("\n");
}

async function fill(dir: string, size: number): Promise<void> {
  const log = await openAuditLog({ dir, server: "bench" });
  for (let i = 0; i < size; i++) {
    write(log, i);
    if (i % 1000 === 999) await log.durable();
  }
  await log.close();
}

function verifyIn(dir: string): { readonly records: number; readonly ms: number; readonly peakBytes: number } {
  const script = new URL("../servers/audit-verify.js", import.meta.url).pathname;
  const { stdout } = spawnSync(process.execPath, [script, dir], { encoding: "utf8" });
  const result = JSON.parse(stdout) as { code: number; records: number; ms: number; peakBytes: number };
  if (result.code !== 0) throw new Error(`the log does not verify: ${result.code}`);
  return result;
}

async function inFolder<T>(work: (dir: string) => Promise<T>): Promise<T> {
  const dir = mkdtempSync(join(tmpdir(), "bench-audit-"));
  try {
    return await work(dir);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
