import type { Hello, Identity, VariantRules } from "../wire.ts";
import { type Catalogue, readCatalogue } from "./catalogue.ts";
import type { Compiled } from "./compile.ts";
import { type Engine, openEngine, prepareRows, quoted, rowsOf } from "./engine.ts";
import { Gate } from "./gate.ts";
import { registerHash } from "./masks.ts";
import { Names } from "./names.ts";
import { type Access, decide } from "./policy.ts";
import { createViews, judgeViews } from "./views.ts";

/** One handle on the file for one variant of the rules. */
export interface Connection {
  readonly engine: Engine;
  readonly names: Names;
  readonly gate: Gate;
  readonly policy: Map<string, Access>;
  readonly catalogue: Catalogue;
  readonly statements: Map<string, Compiled>;
  /** Masked tables are computed once per statement, where they are otherwise computed wherever they are looked at. */
  readonly materialised: boolean;
  identity: Identity;
  /** Changes whenever the file's schema does. */
  schemaVersion(): number;
  /** `schemaVersion()` as the policy was made from it. */
  readonly madeFrom: number;
}

/** Longest text or blob SQLite makes, so that no row can hold more than memory does. A cell in an answer is cut far below. */
const MAX_VALUE_BYTES = 16 * 1024 * 1024;
/** Room for a view of ours to count as an attached file; no caller's statement can attach another. */
const ONE_FILE = 1;

/**
 * Opens the file for one variant.
 *
 * The file is attached to an empty database under a secret name, and never is `main`: SQLite raises no authorizer event for a column
 * that it matches through USING or NATURAL JOIN, so `select count(*) from main.customers natural join (select 'x' as email)` would
 * read a denied column, or a hidden table, unseen. Behind a secret name it cannot be said: every name a caller can write leads to
 * an open table or to a view of ours.
 */
export function openConnection(hello: Hello, rules: VariantRules, materialised = false): Connection {
  const engine = openEngine({
    readOnly: !hello.writable,
    allowExtension: false,
    enableDoubleQuotedStringLiterals: false,
    enableForeignKeyConstraints: true,
    defensive: false,
    timeout: Math.min(2000, Math.ceil(hello.limits.timeoutMs / 2)),
    limits: {
      length: Math.max(MAX_VALUE_BYTES, 2 * hello.limits.maxCellBytes),
      sqlLength: hello.limits.maxSqlLength * 4 + 1000,
      column: 2000,
      exprDepth: 500,
      compoundSelect: 200,
      vdbeOp: 1_000_000,
      functionArg: 127,
      attach: ONE_FILE,
      likePatternLength: 1000,
      variableNumber: 1000,
      triggerDepth: 20,
    },
  });
  try {
    return prepared(engine, hello, rules, materialised);
  } catch (error) {
    engine.close();
    throw error;
  }
}

function prepared(engine: Engine, hello: Hello, rules: VariantRules, materialised: boolean): Connection {
  const names = new Names();
  engine.prepare("attach ? as ?").run(hello.file, names.schema);
  engine.limits["attach"] = 0;
  engine.exec(
    `pragma trusted_schema = off; pragma cell_size_check = on; pragma ${quoted(names.schema)}.mmap_size = 0; pragma temp_store = file`,
  );
  const version = prepareRows(engine, `pragma ${quoted(names.schema)}.schema_version`);
  const readVersion = (): number => Number((version.get() as unknown as unknown[])[0]);
  const madeFrom = readVersion();
  const catalogue = readCatalogue(engine, names.schema);
  const policy = new Map(decide(catalogue, rules));
  const gate = new Gate(policy, names, rules.functions, hello.writable);
  const connection: Connection = {
    engine,
    names,
    gate,
    policy,
    catalogue,
    statements: new Map(),
    materialised,
    identity: { subject: null, tenant: null, issuer: null },
    schemaVersion: () => gate.asOwn(readVersion),
    madeFrom,
  };
  registerHash(engine, names.hash, Buffer.from(hello.maskKey, "base64"));
  registerIdentity(connection);
  names.addModules(rowsOf(engine, "select name from pragma_module_list").map(([name]) => String(name)));
  createViews(connection);
  engine.setAuthorizer(gate.authorize);
  judgeViews(connection);
  engine.enableDefensive(true);
  return connection;
}

/** `identity('tenant')`: who asks. Constant within a run of a statement, so an index can serve `tenant = identity('tenant')`. */
function registerIdentity(connection: Connection): void {
  connection.engine.function("identity", { deterministic: true, directOnly: false }, (which) => {
    const { subject, tenant, issuer } = connection.identity;
    switch (which) {
      case "subject":
        return subject;
      case "tenant":
        return tenant;
      case "issuer":
        return issuer;
      default:
        return null;
    }
  });
}
