import { statSync } from "node:fs";
import { AuditError } from "@hardened-mcp/audit";
import type { Shipping, ShippingOptions, TargetStatus } from "@hardened-mcp/audit/ship";
import type { Command, Output } from "../command.ts";
import { exit, Failure, UsageError } from "../exit.ts";
import type { Flags } from "../flags.ts";
import { readInput } from "../input/read-input.ts";
import { parseUniqueJson } from "../input/unique-json.ts";
import { asciiJson, printable } from "../printable.ts";

const FLUSH_MS = 5000;
const DEFAULT_ONCE_MS = 60_000;

export const auditShip: Command = {
  help: `Sends the records of the logs in DIR to collectors and their checkpoints to anchors, as a server does while it runs;
for logs whose servers do not. It reads the logs and keeps cursors beside them: run it as the user who owns them.

  --config FILE   JSON with "exports" and "anchors", as in a server's configuration; docs/audit/ship.md
  --once          send what is there and end, instead of waiting for more
  --timeout MS    with --once: give up after so long. Default 60000
  --json          each change as JSON

Exit code: 0 ended by a signal, or all was sent; 64 wrong command line; 69 with --once: a target has not taken
everything, or another process sends to it; 78 a configuration that cannot be used.
`,
  options: {
    config: { type: "string" },
    once: { type: "boolean" },
    timeout: { type: "string" },
    json: { type: "boolean" },
  },
  async run(flags, out) {
    const [dir, ...rest] = flags.positionals;
    if (dir === undefined || dir === "" || rest.length > 0) throw new UsageError("name one folder");
    if (!statSync(dir, { throwIfNoEntry: false })?.isDirectory()) throw new UsageError("DIR is no folder");
    const timeoutMs = timeoutOf(flags);
    const targets = await readTargets(flags.required("config"));
    const tell = (status: TargetStatus) => out.write(flags.given("json") ? asciiJson(status) : `${inWords(status)}\n`);
    const shipping = await start({ ...targets, dir, onStatus: tell });
    if (!flags.given("once")) await untilSignal();
    await shipping.close({ flushMs: flags.given("once") ? timeoutMs : FLUSH_MS });
    return flags.given("once") ? conclude(shipping, tell, out) : exit.ok;
  },
};

/** The audit package checks what is in them. */
async function readTargets(path: string): Promise<Pick<ShippingOptions, "exports" | "anchors">> {
  const config = parseUniqueJson(await readInput(path, "--config"));
  if (config === undefined) throw new Failure(exit.configuration, "--config: not a JSON object");
  const { exports, anchors, ...others } = config;
  if (Object.keys(others).length > 0) {
    throw new Failure(exit.configuration, `--config: known are "exports" and "anchors", and nothing else`);
  }
  return { exports, anchors } as Pick<ShippingOptions, "exports" | "anchors">;
}

function timeoutOf(flags: Flags): number {
  const text = flags.value("timeout");
  if (text === undefined) return DEFAULT_ONCE_MS;
  if (!flags.given("once")) throw new UsageError("--timeout goes with --once");
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new UsageError("--timeout is a number of milliseconds");
  return Number(text);
}

async function start(options: ShippingOptions): Promise<Shipping> {
  const { startShipping } = await import("@hardened-mcp/audit/ship");
  try {
    return await startShipping(options);
  } catch (error) {
    if (!(error instanceof AuditError)) throw error;
    throw new Failure(exit.configuration, error.message, { cause: error });
  }
}

/** A signal is how whoever runs services asks for an end; the thread that ships keeps the process alive for nobody. */
function untilSignal(): Promise<void> {
  const alive = setInterval(() => undefined, 2 ** 30);
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      process.once(signal, () => {
        clearInterval(alive);
        resolve();
      });
    }
  });
}

function conclude(shipping: Shipping, tell: (status: TargetStatus) => void, out: Output): number {
  const all = shipping.status();
  for (const status of all) tell(status);
  if (all.length === 0) out.write("no log in that folder\n");
  return all.length > 0 && all.every(({ behind }) => behind === 0) ? exit.ok : exit.unavailable;
}

function inWords({ name, dir, state, next, behind, lastError, lastNotice }: TargetStatus): string {
  const words = [`${name}: ${dir}: ${state}, sent up to ${next}, ${behind} to go`];
  if (lastError !== undefined) words.push(`last error ${lastError}`);
  if (lastNotice !== undefined) words.push(`${lastNotice.code}: ${lastNotice.from} to ${lastNotice.to}`);
  return printable(words.join("; "));
}
