import { join } from "node:path";
import type { Session } from "@hardened-mcp/server/testing";

/** A fresh sample database in `folder`. It names no policy: the project's holds even so. */
export function shopConfig(folder: string, database: Record<string, unknown> = {}): Record<string, unknown> {
  return { database: { file: join(folder, "shop.db"), sample: "sample/shop.sql", ...database } };
}

/** Rows of an answer, without its mark. */
export async function rowsOf(session: Session, sql: string, params: readonly unknown[] = []): Promise<unknown> {
  const { structuredContent } = await session.call("query_orders", { sql, params });
  return structuredContent?.["rows"] ?? structuredContent?.error;
}
