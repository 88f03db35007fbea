import { spawnSync } from "node:child_process";
import { copyFileSync, cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { command } from "./clients.ts";

/** What a command printed, and its exit code. */
export interface Ran {
  readonly text: string;
  readonly code: number | null;
}

/** Runs `hardened-mcp audit ...` as an auditor would. */
export function audit(...args: readonly string[]): Ran {
  const { stdout, stderr, status } = spawnSync(process.execPath, [command("cli"), "audit", ...args], {
    encoding: "utf8",
  });
  return { text: `${stdout}${stderr}`.trim(), code: status };
}

/** Turns one digit of one record's time stamp into another: the smallest lie there is. */
export function flipOneByte(dir: string): string {
  const file = readdirSync(dir, { recursive: true, encoding: "utf8" }).find((name) => name.endsWith(".jsonl"));
  if (file === undefined) throw new Error("there is no audit log to tamper with");
  const path = join(dir, file);
  const bytes = readFileSync(path);
  const at = bytes.indexOf('"ts":"', Math.floor(bytes.length / 2)) + 8;
  bytes[at] = bytes[at] === 0x30 ? 0x31 : 0x30;
  writeFileSync(path, bytes);
  return `byte ${at} of ${file}`;
}

/** A refused call: its record's number, and in a file of its own the proof of it, which is all that somebody else needs. */
export function proveRefusal(dir: string, file: string): { readonly seq: number; readonly ran: Ran } {
  for (const slot of readdirSync(dir).filter((name) => /^\d+$/.test(name))) {
    const lines = readFileSync(segmentOf(join(dir, slot)), "latin1").split("\n");
    const seq = lines.findIndex((line) => line.includes('"type":"call.refused"'));
    if (seq === -1) continue;
    const ran = audit("prove", join(dir, slot), String(seq), "--json");
    writeFileSync(file, ran.text);
    return { seq, ran };
  }
  throw new Error("no call was refused");
}

/** A copy of a log whose newest records are gone, and the checkpoints that speak of them: the cleverest cut there is. */
export function cutTogether(log: string, copy: string): void {
  cpSync(log, copy, { recursive: true });
  copyFileSync(join(log, "..", "signing.pub"), join(copy, "signing.pub"));
  const [segment, checkpoints] = [segmentOf(copy), checkpointsOf(copy)];
  const [first = ""] = readFileSync(checkpoints, "utf8").split(/(?<=\n)\n(?=[^\u2014]|$)/);
  const size = Number(first.split("\n")[1]);
  const lines = readFileSync(segment, "latin1").split("\n");
  writeFileSync(segment, `${lines.slice(0, size).join("\n")}\n`, "latin1");
  writeFileSync(checkpoints, `${first}\n`);
}

/** Checkpoints, as they are sent off the machine while the log is written. */
export function checkpointsOf(log: string): string {
  return fileOf(log, "checkpoints-");
}

function segmentOf(log: string): string {
  return fileOf(log, "audit-");
}

function fileOf(log: string, begin: string): string {
  const name = readdirSync(log).find((one) => one.startsWith(begin));
  if (name === undefined) throw new Error(`there is no ${begin} file in ${log}`);
  return join(log, name);
}
