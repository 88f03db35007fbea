// Opens the log argv[2], records until something gives way, and prints as one line of JSON what callers were told. argv[3]
// says what is done to it once twenty calls were recorded.
import { chmodSync, chownSync, closeSync, openSync, readdirSync, readlinkSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { openAuditLog } from "../../src/index.ts";
import { intent } from "./events.ts";

const [dir = "", how = ""] = process.argv.slice(2);
const NOBODY = 65_534;

// Rights mean nothing to root.
if (how === "revoked" && process.getuid?.() === 0) {
  chownSync(dirname(dir), NOBODY, NOBODY);
  process.setegid?.(NOBODY);
  process.seteuid?.(NOBODY);
}

const told: Record<string, unknown> = { acknowledged: 0 };
const log = await openAuditLog({ dir, server: "test", maxSegmentBytes: 64 * 1024, checkpointRecords: 10 });

function descriptor(): number {
  const found = readdirSync("/proc/self/fd").find((fd) => {
    try {
      return readlinkSync(join("/proc/self/fd", fd)).endsWith(".jsonl");
    } catch {
      return false;
    }
  });
  return Number(found);
}

const SABOTAGE: Readonly<Record<string, () => void>> = {
  closed: () => closeSync(descriptor()),
  replaced: () => {
    const fd = descriptor();
    closeSync(fd);
    if (openSync("/dev/null", "r+") !== fd) throw new Error("the descriptor was not replaced");
  },
  full: () => {
    const fd = descriptor();
    closeSync(fd);
    if (openSync("/dev/full", "r+") !== fd) throw new Error("the descriptor was not replaced");
  },
  // The open segment can still be written to; the next one cannot be made.
  revoked: () => chmodSync(dir, 0o500),
};

async function attempt(name: string, ref: string): Promise<boolean> {
  try {
    log.write(intent(ref));
    await log.durable();
    return true;
  } catch (error) {
    const { code, message } = error as { code: string; message: string };
    told[name] = { code, message };
    return false;
  }
}

for (let i = 0; i < 10_000; i++) {
  if (i === 20) SABOTAGE[how]?.();
  if (!(await attempt("first", `r${i}`))) break;
  told["acknowledged"] = i + 1;
}
await attempt("second", "late");
await log.close().catch(() => undefined);
if (how === "revoked") chmodSync(dir, 0o700);
writeSync(1, `${JSON.stringify(told)}\n`);
