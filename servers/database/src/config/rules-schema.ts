import { z } from "zod";

const name = z.string().min(1).max(256);
const names = z.array(name).max(2000);
const roles = z.array(z.string().min(1).max(128)).max(200);
const exceptRoles = roles.exactOptional().describe("Callers with one of these roles are excepted.");

const mask = z.union([
  z.enum(["null", "hash", "partial"]),
  z.strictObject({
    as: z
      .enum(["null", "hash", "partial"])
      .describe("null: nothing. hash: a keyed digest, equal for equal values. partial: all but some characters."),
    keepFirst: z.int().min(0).max(64).exactOptional().describe("Characters that partial leaves clear at the start."),
    keepLast: z.int().min(0).max(64).exactOptional().describe("Characters that partial leaves clear at the end."),
    exceptRoles,
  }),
]);

const table = z.strictObject({
  roles: roles.exactOptional().describe("Callers without one of these roles do not see the table. Default: everyone."),
  columns: names.exactOptional().describe("Columns that may be read. Default: all."),
  deny: z
    .array(z.union([name, z.strictObject({ column: name.describe("The column."), exceptRoles })]))
    .max(2000)
    .exactOptional()
    .describe("Columns that are as good as not there."),
  mask: z.record(name, mask).exactOptional().describe("Columns shown in another form than they are stored in."),
  filter: z
    .union([
      z.string().min(1).max(10_000),
      z.strictObject({ where: z.string().min(1).max(10_000).describe("The condition."), exceptRoles }),
    ])
    .exactOptional()
    .describe(
      "Condition in SQL; other rows are as good as not there. It may use identity('subject'), identity('tenant') and identity('issuer').",
    ),
  write: z
    .array(z.enum(["insert", "update", "delete"]))
    .max(3)
    .exactOptional()
    .describe("Changes that execute may make, with --allow-write. Default: none."),
});

/** What may be read of one source. */
export const rulesConfig = z
  .strictObject({
    tables: z
      .record(name, table)
      .exactOptional()
      .describe("Tables and views by name; where given, nothing else can be read. Default: every ordinary one."),
    functions: names.exactOptional().describe("Functions allowed besides the built-in list."),
  })
  .describe("What may be read. Default: every ordinary table and view.");
