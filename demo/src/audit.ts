import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { command } from "./clients.ts";

/** Runs `hardened-mcp audit verify` as an auditor would, and returns what it printed and its exit code. */
export function verify(dir: string): { readonly text: string; readonly code: number | null } {
  const { stdout, stderr, status } = spawnSync(process.execPath, [command("cli"), "audit", "verify", dir], {
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
