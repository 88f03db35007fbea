import pg from "pg";
import Cursor from "pg-cursor";
import { MOST_CHARACTERS, MOST_ROWS, type NaiveOutcome } from "./outcome.ts";

/** The plain engine, asked for one statement at a time. */
export interface NaivePostgres {
  run(sql: string, params: readonly (null | number | string)[]): Promise<NaiveOutcome>;
  close(): Promise<void>;
}

const AS_TEXT = { getTypeParser: () => (text: string) => text };
/** Rows read at once; of the first, which tells how large they are, only a few: they may be a megabyte each. */
const [FIRST_PIECE, PIECE] = [4, 500];

/** Asks in a read-only transaction, with the identity that filters look at, and holds no more than {@link MOST_ROWS} rows. */
export async function plainPostgres(url: string, timeoutMs: number, tenant: string): Promise<NaivePostgres> {
  let isBroken = false;
  let client = await connect();

  async function connect(): Promise<pg.Client> {
    const made = new pg.Client({ connectionString: url });
    // What ends a connection is told by the query that runs on it; the next one gets another.
    made.on("error", () => {
      isBroken = true;
    });
    await made.connect();
    isBroken = false;
    return made;
  }

  return {
    async run(sql, params) {
      if (isBroken) client = await connect();
      await client.query(
        `begin read only; set local statement_timeout = ${timeoutMs}; set local intervalstyle = iso_8601`,
      );
      await client.query("select set_config('hardened_mcp.tenant', $1, true)", [tenant]);
      const cursor = client.query(
        new Cursor<unknown[]>(sql, [...params], { rowMode: "array", types: AS_TEXT as never }),
      );
      try {
        return await readAll(cursor);
      } catch (error) {
        const { code, message } = error as pg.DatabaseError;
        return code === "57014" ? { kind: "hang" } : { kind: "error", message, session: false };
      } finally {
        await cursor.close().catch(() => {});
        await client.query("rollback").catch(() => {
          isBroken = true;
        });
      }
    },
    close: () => client.end(),
  };
}

async function readAll(cursor: Cursor<unknown[]>): Promise<NaiveOutcome> {
  const rows: unknown[][] = [];
  let characters = 0;
  for (;;) {
    const piece = await cursor.read(rows.length === 0 ? FIRST_PIECE : PIECE);
    if (piece.length === 0) return { kind: "rows", rows, session: false };
    rows.push(...piece);
    characters += piece.reduce((sum, row) => sum + JSON.stringify(row).length, 0);
    if (rows.length > MOST_ROWS || characters > MOST_CHARACTERS) return { kind: "huge", session: false };
  }
}

/**
 * A cell in a form that both sides have: the server's text of it here, a typed cell there. What only says how values are grouped or
 * quoted is left out.
 */
export function loosely(cell: unknown): string {
  if (cell === null) return "null";
  if (typeof cell === "boolean") return cell ? "t" : "f";
  if (Array.isArray(cell)) return cell.map(loosely).join("");
  if (typeof cell === "object")
    return loosely(`\\x${Buffer.from((cell as { base64: string }).base64, "base64").toString("hex")}`);
  const text = String(cell);
  const number = Number(text);
  if (text.trim() !== "" && Number.isFinite(number)) return String(number);
  return text
    .replace(/\+00(:00)?$|Z$/, "")
    .replace(/[\s"\\{}[\],T()]/g, "")
    .replaceAll("NULL", "null");
}
