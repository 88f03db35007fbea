import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type AuditEvent, openAuditLog } from "@hardened-mcp/audit";
import { onTestFinished } from "vitest";
import { CLI, HOSTILE } from "./cli.ts";

export const FIRST = "audit-00000000000000000000.jsonl";

/** A folder of its own for one test. */
export function temporaryFolder(): string {
  const dir = mkdtempSync(join(tmpdir(), "cli-audit-"));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** Writes `events` as a log in `dir`; returns its lines. */
export async function writeLog(dir: string, events: readonly AuditEvent[]): Promise<readonly string[]> {
  const log = await openAuditLog({ dir, server: "test" });
  for (const event of events) log.write(event);
  await log.close();
  return readFileSync(join(dir, FIRST), "latin1").split("\n").slice(0, -1);
}

const tool = { name: "write_file", def: "d".repeat(43), effect: "write" } as const;
const args = { digest: "x".repeat(43), bytes: 2 };
const outcome = { code: "ok", isError: false, bytes: 2, ms: 3.25 };

/** A short story: a call that went well, one refused, one that failed, and a caller whose every word is hostile. */
export const STORY: readonly AuditEvent[] = [
  {
    type: "call.intent",
    ref: "r1",
    actor: { subject: "alice" },
    tool,
    args,
    decision: { effect: "allow", step: "authorize", rule: "write-scope" },
  },
  { type: "call.outcome", ref: "r1", actor: { subject: "alice" }, tool, outcome },
  {
    type: "call.refused",
    ref: "r2",
    actor: { subject: "bob" },
    tool: { name: "delete_file", effect: "destroy" },
    decision: { effect: "deny", step: "authorize", rule: "no-destroy", code: "denied" },
  },
  {
    type: "call.outcome",
    ref: "r3",
    actor: { client: "nightly" },
    tool: { name: "fetch", effect: "external" },
    outcome: { ...outcome, code: "internal", isError: true },
  },
  {
    type: "auth.failed",
    ref: HOSTILE,
    actor: { subject: HOSTILE },
    decision: { effect: "deny", step: HOSTILE, rule: HOSTILE, code: HOSTILE },
    detail: { [HOSTILE]: HOSTILE, address: "203.0.113.7" },
  },
];

/** A process, and its output as it comes. */
export interface Running {
  readonly child: ChildProcessWithoutNullStreams;
  /** Resolves with all of stdout once `pattern` is in it; rejects when the process ends first. */
  sees(pattern: RegExp): Promise<string>;
  readonly ended: Promise<{ readonly code: number | null; readonly out: string; readonly err: string }>;
}

/** Starts the built command and leaves it running. */
export function start(args: readonly string[]): Running {
  return running(spawn(process.execPath, [CLI, ...args]));
}

/** Starts a process that writes a call for every name it gets on stdin. */
export function startWriter(dir: string): Running {
  return running(spawn(process.execPath, [join(import.meta.dirname, "../children/write-calls.ts"), dir]));
}

function running(child: ChildProcessWithoutNullStreams): Running {
  let out = "";
  let err = "";
  let look = (): void => undefined;
  child.stdout.on("data", (chunk) => {
    out += String(chunk);
    look();
  });
  child.stderr.on("data", (chunk) => {
    err += String(chunk);
    look();
  });
  const ended = new Promise<{ code: number | null; out: string; err: string }>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, out, err }));
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  return {
    child,
    ended,
    sees: (pattern) =>
      new Promise((resolve, reject) => {
        look = () => {
          if (pattern.test(out) || pattern.test(err)) resolve(out);
        };
        look();
        void ended.then(() => reject(new Error(`ended without ${String(pattern)}: ${out}${err}`)));
      }),
  };
}
