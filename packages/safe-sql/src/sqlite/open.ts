import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SqlError } from "../errors.ts";
import type { SourceRules } from "../rules/rules.ts";
import type { SqlSource } from "../source.ts";
import { checkRules } from "./check-rules.ts";
import type { SqliteOptions } from "./options.ts";
import { Pool } from "./parent/pool.ts";
import { settingsOf } from "./settings.ts";
import { SqliteSource } from "./source.ts";
import { Variants } from "./variants.ts";
import type { CatalogueAnswer, Hello, Identity, VariantRules } from "./wire.ts";

const NOBODY: Identity = { subject: null, tenant: null, issuer: null };
const ALLOW_ALL = { tables: null, functions: [] };

/**
 * Opens a SQLite file to be asked under rules. Statements run in child processes that hold the file and nothing else, and that are
 * killed at their deadline.
 *
 * @throws {SqlError} `invalid_option` where an option or a rule names what is not there; `unavailable` where the file cannot be read
 */
export async function openSqlite(options: SqliteOptions): Promise<SqlSource> {
  const settings = settingsOf(options);
  const rules = options.rules ?? {};
  const tempFolder = await mkdtemp(join(tmpdir(), "hardened-mcp-sqlite-"));
  const hello: Hello = {
    file: settings.file,
    writable: false,
    limits: settings.limits,
    maskKey: Buffer.from(settings.maskKey).toString("base64"),
  };
  const pools = {
    read: new Pool(hello, settings.processes, tempFolder),
    write: settings.writable ? new Pool({ ...hello, writable: true }, 1, tempFolder) : undefined,
  };
  const close = async (): Promise<void> => {
    await Promise.all([pools.read.close(), pools.write?.close()]);
    await rm(tempFolder, { recursive: true, force: true });
  };
  try {
    const deadline = { timeoutMs: Math.max(10_000, settings.limits.timeoutMs) };
    // Numbers below 0: variants of our own, which no caller has.
    const { ok: catalogue } = await pools.read.ask(
      () => ({ op: "catalogue", variant: -1, rules: ALLOW_ALL, identity: NOBODY }),
      deadline,
    );
    checkRules(rules, catalogue as CatalogueAnswer);
    await tryRules(pools.read, rules, deadline);
    return new SqliteSource(settings, new Variants(rules), pools, close);
  } catch (error) {
    await close();
    throw error;
  }
}

/** Compiles every mask and filter once, so that a broken one stops the start and not a caller. */
async function tryRules(pool: Pool, rules: SourceRules, deadline: { readonly timeoutMs: number }): Promise<void> {
  const tables = Object.entries(rules.tables ?? {}).map(([name, { roles: _, ...rule }]) => [name, rule] as const);
  const strictest = new Variants({ ...rules, ...(rules.tables && { tables: Object.fromEntries(tables) }) }).of([]);
  try {
    await pool.ask(() => ({ op: "check", variant: -2, rules: strictest.rules, identity: NOBODY }), deadline);
  } catch (error) {
    const table = await brokenFilter(pool, strictest.rules, deadline);
    const cause = error instanceof SqlError ? error.cause : error;
    const hint = `${table === undefined ? "a filter of the rules" : `the filter of ${table}`} does not compile${reasonIn(cause)}`;
    throw new SqlError("invalid_option", { hint, cause });
  }
}

/** The first table whose filter fails where all the others have none. */
async function brokenFilter(
  pool: Pool,
  { tables, functions }: VariantRules,
  deadline: { readonly timeoutMs: number },
): Promise<string | undefined> {
  for (const [at, [name, { filter }]] of (tables ?? []).entries()) {
    if (filter === undefined) continue;
    const rules = {
      tables: (tables ?? []).map(
        ([other, rule]) => [other, other === name ? rule : { ...rule, filter: undefined }] as const,
      ),
      functions,
    };
    try {
      await pool.ask(() => ({ op: "check", variant: -3 - at, rules, identity: NOBODY }), deadline);
    } catch {
      return name;
    }
  }
  return undefined;
}

/** What of the engine's text helps whoever wrote the rules, who alone is told. */
function reasonIn(cause: unknown): string {
  const found = /no such (?:table|column|function): [\w.]+|near "[^"]{1,60}": syntax error/.exec(String(cause));
  return found === null ? "" : `: ${found[0]}`;
}
