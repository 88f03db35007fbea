import type { AuditTool } from "@hardened-mcp/audit";
import type { AuditSink } from "../call/guard.ts";
import { quietly } from "../log/quietly.ts";
import type { GuardedServer } from "../server.ts";
import type { ToolsLockOptions } from "../tools-lock/options.ts";
import { configHash, flattenConfig, shownConfig } from "./flatten-config.ts";

/** What a start says of itself. */
export interface StartFacts {
  readonly transport: "stdio" | "http";
  /** The effective configuration; `undefined`: the server has none, and none is recorded. */
  readonly config: unknown;
  readonly weakening: readonly string[];
  /** What was reviewed. Default: nothing is known of that. */
  readonly toolsLock?: ToolsLockOptions | undefined;
}

/** Tools that surely fit into one record, with names of full length. */
const TOOLS_IN_A_RECORD = 200;
/** Calls of earlier runs that are named in the log; the audit log has more. */
const MAX_NAMED = 20;

/**
 * Puts a start on record, and on disk: the server with each tool's definition hash, its configuration, each flag that
 * weakens it, each tool that is not what it was. What an operator has to look at is in the log too.
 *
 * @throws {AuditError} `unavailable`
 * @throws {ConfigError} something is not what was reviewed; that start is on record as refused, and as nothing else
 */
export async function recordStart(server: GuardedServer, facts: StartFacts): Promise<void> {
  const { transport, config, weakening, toolsLock } = facts;
  const { audit, redactor } = server.guard;
  // First: a start that is refused is none, and must not be what the next one is compared with.
  const recordLock = toolsLock === undefined ? undefined : await holdTo(server, toolsLock);
  const tools = server.operations.map(
    ({ target: { name, effect }, definition }): AuditTool => ({ name, def: definition, effect }),
  );
  const flat = flattenConfig(config ?? null, (text) => redactor.text(text));
  const digest = configHash(flat);
  tellUnfinished(server, audit.recovered);
  audit.write({ type: "server.started", version: server.version, transport, config: digest, weakening, tools });
  recordManyTools(audit, tools);
  if (config !== undefined) {
    const shown = Object.fromEntries([...shownConfig(flat)].map(([path, value]) => [`config.${path}`, value]));
    // Over what is masked, too: within the time of one key, a change shows, and nobody can try secrets against it.
    const keyed = audit.digest(config).digest;
    audit.write({ type: "config.loaded", detail: { what: "server", digest, keyed, ...shown } });
  }
  for (const flag of weakening) {
    audit.write({ type: "weakening", detail: { flag } });
    quietly(() => server.log.warn({ flag }, "protection is weakened by a flag"));
  }
  recordLock?.();
  for (const change of audit.drift?.(tools, server.off) ?? []) {
    audit.write(change);
    const { tool, detail } = change;
    quietly(() => server.log.warn({ tool: tool.name, def: tool.def, ...detail }, "a tool is not what it was"));
  }
  await audit.durable();
}

/** Loaded where there is a lock. */
async function holdTo(server: GuardedServer, toolsLock: ToolsLockOptions): Promise<() => void> {
  const { holdToLock } = await import("../tools-lock/hold-to-lock.ts");
  return await holdToLock(server, toolsLock);
}

/** The record of a start is cut at the size of a record: of a thousand tools it has less than half. These have them all. */
function recordManyTools(audit: AuditSink, tools: readonly AuditTool[]): void {
  if (tools.length <= TOOLS_IN_A_RECORD) return;
  for (let from = 0; from < tools.length; from += TOOLS_IN_A_RECORD) {
    const some = tools.slice(from, from + TOOLS_IN_A_RECORD);
    const shown = Object.fromEntries(some.map(({ name, def, effect }) => [`tool.${name}`, `${effect} ${def}`]));
    audit.write({ type: "config.loaded", detail: { what: "tools", from, of: tools.length, ...shown } });
  }
}

/** Whether they had their effect nobody knows: somebody has to look. */
function tellUnfinished(server: GuardedServer, recovered: AuditSink["recovered"]): void {
  const unfinished = recovered?.unfinished ?? [];
  if (unfinished.length === 0) return;
  const calls = unfinished.slice(0, MAX_NAMED).map(({ seq, ref, tool }) => ({ ref, tool: tool?.name, intent: seq }));
  quietly(() =>
    server.log.warn(
      { unfinished: unfinished.length, calls },
      "calls of an earlier run have no outcome: whether they took effect is not known",
    ),
  );
}
