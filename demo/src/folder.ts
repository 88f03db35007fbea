import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A real folder to serve, with a few traps in it, and a secret beside it that must never come out. */
export interface DemoFolder {
  readonly base: string;
  readonly root: string;
  readonly audit: string;
  readonly outside: string;
}

export function makeFolder(): DemoFolder {
  const base = mkdtempSync(join(tmpdir(), "hardened-mcp-demo-"));
  const root = join(base, "work");
  const outside = join(base, "work-private");
  mkdirSync(join(root, "notes"), { recursive: true });
  mkdirSync(outside);
  writeFileSync(join(root, "notes", "plan.md"), "# Plan\n\nShip the thing.\n");
  writeFileSync(join(root, "deploy.sh"), `export AWS_ACCESS_KEY_ID=AKIA${"QWERTYUIOPASDFGH"}\n./release\n`);
  writeFileSync(join(root, ".env"), "DATABASE_PASSWORD=hunter2\n");
  writeFileSync(join(outside, "salaries.csv"), "name,salary\n");
  symlinkSync(join(outside, "salaries.csv"), join(root, "notes", "innocent.csv"));
  symlinkSync("plan.md", join(root, "notes", "latest.md"));
  execFileSync("mkfifo", [join(root, "pipe")]);
  return { base, root, audit: join(base, "audit"), outside };
}
