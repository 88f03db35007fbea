import type { AuditEvent, AuditTool } from "@hardened-mcp/audit";
import { ConfigError } from "../errors/config-error.ts";
import { quietly } from "../log/quietly.ts";
import type { GuardedServer } from "../server.ts";
import { type Difference, differencesOf, lineOf } from "./differences.ts";
import { readLock } from "./file.ts";
import { DRIFT_FLAG, type ToolsLockOptions, WRITE_WITH } from "./options.ts";
import { viewOfLock, viewOfServer } from "./view.ts";

/** Differences that are put on record one by one; how many there are is on record in any case. */
const MAX_RECORDED = 1000;
/** Differences that a message has room for. */
const MAX_TOLD = 50;

/** What came of holding a start to its lock. */
interface Held {
  /** SHA-256 of the file. `undefined`: it could not be used. */
  readonly digest: string | undefined;
  readonly differences: readonly Difference[];
  /** Why the start must not go on, for the operator. `undefined`: it may. */
  readonly refusal: string | undefined;
  /** The same in one word, for the record. */
  readonly why: "missing" | "unfit" | "drift" | undefined;
}

/**
 * Holds what a server offers to what was reviewed. The outcome is for the record, and on record before a start is refused.
 *
 * @returns writes what there is to say of a start that goes on; to be called once that start is on record
 * @throws {ConfigError} something is not what was reviewed, or nobody can tell, and drift is not allowed
 */
export async function holdToLock(server: GuardedServer, options: ToolsLockOptions): Promise<() => void> {
  const held = hold(server, options);
  const isAllowed = options.dangerouslyAllowDrift === true;
  const isRefused = held.refusal !== undefined && !isAllowed;
  const record = (): void => {
    for (const event of eventsOf(server, held, isRefused)) server.guard.audit.write(event);
  };
  if (isRefused) {
    record();
    await server.guard.audit.durable();
    throw new ConfigError(held.refusal ?? "");
  }
  return () => {
    record();
    if (held.refusal === undefined) return;
    const { file } = options;
    const told = held.differences.slice(0, MAX_TOLD).map(lineOf);
    const lines = told.length > 0 ? told : held.refusal.split("\n");
    quietly(() =>
      server.log.warn(
        { lock: file, why: held.why, differences: held.differences.length, lines },
        `what is offered was not reviewed, and is offered all the same: ${DRIFT_FLAG}`,
      ),
    );
  };
}

function hold(server: GuardedServer, options: ToolsLockOptions): Held {
  const { file, allowWrite = false, writeWith = WRITE_WITH } = options;
  const unusable = (why: "missing" | "unfit", message: string): Held => ({
    digest: undefined,
    differences: [],
    refusal: `${message}\nThe server does not start without a lock it can hold its definitions to. Review what it offers, then write the lock: ${writeWith}.`,
    why,
  });
  try {
    const read = readLock(file);
    if (read === undefined) return unusable("missing", `There is no tools lock ${file}.`);
    const { lock, digest } = read;
    if (lock.server !== server.name) {
      return unusable(
        "unfit",
        `The tools lock ${file} is that of another server, not of ${JSON.stringify(server.name)}.`,
      );
    }
    const elsewhere = () => viewOfLock(lock, true);
    const differences = differencesOf(viewOfLock(lock, allowWrite), viewOfServer(server), { elsewhere });
    if (differences.length === 0) return { digest, differences, refusal: undefined, why: undefined };
    return { digest, differences, refusal: refusalOf(file, differences, writeWith), why: "drift" };
  } catch (error) {
    if (error instanceof ConfigError) return unusable("unfit", error.message);
    throw error;
  }
}

function refusalOf(file: string, differences: readonly Difference[], writeWith: string): string {
  const told = differences.slice(0, MAX_TOLD).map(lineOf);
  const more = differences.length - told.length;
  return [
    `The server does not start, because what it offers is not what was reviewed in ${file}:`,
    ...told.map((line) => `- ${line}`),
    ...(more === 0 ? [] : [`- and ${more} more`]),
    `If these changes are wanted, review them and write the lock anew: ${writeWith}. If nobody made them, find out where they come from.`,
  ].join("\n");
}

function* eventsOf(server: GuardedServer, held: Held, isRefused: boolean): Generator<AuditEvent> {
  const { digest, differences, why } = held;
  const outcome = isRefused ? "refused" : why === undefined ? "accepted" : "allowed";
  const [instructions] = differences.filter(({ what }) => what === undefined);
  yield {
    type: "config.loaded",
    detail: {
      what: "tools.lock",
      outcome,
      why,
      digest,
      definitions: server.offered.length,
      differences: differences.length,
      ...(instructions === undefined
        ? {}
        : { "instructions.was": instructions.was ?? "none", "instructions.now": instructions.now ?? "none" }),
    },
  };
  for (const { what, change, was, parts } of differences.slice(0, MAX_RECORDED)) {
    if (what === undefined) continue;
    const { name, effect, definition, kind } = what;
    const tool: AuditTool = { name, effect, ...(change === "removed" ? {} : { def: definition }) };
    yield { type: "tool.changed", tool, detail: { change, was, against: "tools.lock", kind, parts: parts.join(", ") } };
  }
}
