import { readFileSync } from "node:fs";
import type { AuditSink } from "../call/guard.ts";

export function print(text: string): void {
  process.stdout.write(text);
}

export function printJson(value: unknown): void {
  print(`${JSON.stringify(value, undefined, 2)}\n`);
}

/** The version of the package that `module`, a file of its `dist` folder, belongs to. */
export function versionOf(module: string): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL("../package.json", module), "utf8"));
  return (manifest as { version: string }).version;
}

/** For a server that is made to be described, and serves nobody. */
export const noAudit: AuditSink = {
  write: () => 0,
  durable: async () => undefined,
  digest: () => ({ digest: "", bytes: 0 }),
};
