import { DEFAULT_SOURCE_LIMITS } from "@hardened-mcp/safe-sql";
import { z } from "zod";
import { rulesConfig } from "./rules-schema.ts";

const MiB = 1024 * 1024;
const path = z.string().min(1).max(4096);
const whole = (most: number) => z.int().min(1).max(most).exactOptional();
const d = DEFAULT_SOURCE_LIMITS;

const limits = z.strictObject({
  timeoutMs: whole(3_600_000).describe(`Milliseconds a statement may run. Default ${d.timeoutMs}.`),
  maxRows: whole(100_000).describe(`Rows in one page. Default ${d.maxRows}.`),
  maxBytes: whole(4 * MiB).describe(`Bytes of the rows of one page. Default ${d.maxBytes}.`),
  maxCellBytes: whole(4 * MiB).describe(`Bytes of one cell; longer ones are cut. Default ${d.maxCellBytes}.`),
  maxSqlLength: whole(1_000_000).describe(`Characters of a statement. Default ${d.maxSqlLength}.`),
  maxCost: whole(Number.MAX_SAFE_INTEGER).describe(
    "Estimate above which a query is refused: rows SQLite would look at, cost units of PostgreSQL. Default: none.",
  ),
  maxChangedRows: whole(10_000_000).describe(`Rows one execute may change. Default ${d.maxChangedRows}.`),
  maxMemoryBytes: z
    .int()
    .min(96 * MiB)
    .max(64 * 1024 * MiB)
    .exactOptional()
    .describe(`Bytes of memory of the process that runs SQLite, no less than 96 MiB. Default ${d.maxMemoryBytes}.`),
  maxTempBytes: whole(1024 * 1024 * MiB).describe(`Bytes of a file that SQLite sorts in. Default ${d.maxTempBytes}.`),
});

const common = {
  cursorKeyFile: path
    .exactOptional()
    .describe(
      "File with the key that signs cursors, at least 32 bytes; the same for every replica. Default: another at each start.",
    ),
  description: z.string().min(1).max(2000).exactOptional().describe("What is in it, for the model."),
  rules: rulesConfig.exactOptional(),
  limits: limits.exactOptional().describe("Bounds of every statement."),
  writable: z
    .boolean()
    .default(true)
    .describe("Whether --allow-write opens this source for changes. Without the flag none is open."),
};

const sqlite = z.strictObject({
  type: z.literal("sqlite").describe("A SQLite file."),
  file: path.describe("The database file. A leading ~ is the home directory."),
  processes: whole(32).describe("Processes that run statements, one at a time each. Default 2."),
  maskKeyFile: path
    .exactOptional()
    .describe("File with the key of hash masks, at least 32 bytes. Default: another at each start."),
  ...common,
});

const postgres = z.strictObject({
  type: z.literal("postgres").describe("A PostgreSQL database."),
  url: z
    .string()
    .min(1)
    .max(2048)
    .regex(/^postgres(?:ql)?:\/\//, "postgres://ROLE@HOST/DATABASE")
    .exactOptional()
    .describe("postgres://ROLE@HOST/DATABASE, without a password."),
  urlFile: path.exactOptional().describe("File with the URL, where it holds a password; readable by its owner only."),
  urlVariable: z
    .string()
    .regex(/^[A-Z][A-Z0-9_]{0,127}$/, "name of an environment variable")
    .exactOptional()
    .describe("Environment variable with the URL. Its value is shown nowhere."),
  tls: z
    .strictObject({
      caFile: path.exactOptional().describe("Authorities to trust, PEM. Default: those of Node."),
      certFile: path.exactOptional().describe("Certificate of this server, PEM, where the database asks for one."),
      keyFile: path.exactOptional().describe("Its private key, PEM; readable by its owner only."),
      serverName: z.string().min(1).max(253).exactOptional().describe("Name in the certificate. Default: the host."),
    })
    .exactOptional()
    .describe("TLS to a host that is not this machine; on and verified by default."),
  schemas: z.array(z.string().min(1).max(63)).min(1).max(32).exactOptional().describe("Default: public."),
  poolSize: whole(100).describe("Most connections at once. Default 4."),
  connectTimeoutMs: whole(60_000).describe("Milliseconds to connect, and to wait for a free connection. Default 5000."),
  workMemMiB: whole(16_384).describe("work_mem of each transaction, in MiB. Default 32."),
  ...common,
});

export const sourceConfig = z.discriminatedUnion("type", [sqlite, postgres]).describe("A database.");
export type SourceConfig = z.output<typeof sourceConfig>;

/** Short, and the same everywhere: in arguments, policies, records and URIs. */
export const sourceName = z
  .string()
  .regex(/^[a-z][a-z0-9_-]{0,31}$/, "lower-case letters, digits, - and _, beginning with a letter, at most 32");
