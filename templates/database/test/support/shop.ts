import { join } from "node:path";
import type { TestContext } from "node:test";
import { type Answer, openSession, type Session, type SessionOptions, tempFolder } from "./session.ts";

/** How a session with a shop of its own differs from the project's configuration. */
export interface ShopOptions extends Pick<SessionOptions, "client" | "flags"> {
  readonly roles?: readonly string[];
  /** Default: all. */
  readonly scopes?: readonly string[];
  readonly database?: Record<string, unknown>;
}

/** A session on a fresh sample database, under the project's policy. */
export function openShop(t: TestContext, options: ShopOptions = {}): Promise<Session> {
  const { roles = [], scopes, database, ...session } = options;
  const folder = tempFolder(t);
  return openSession(t, {
    ...session,
    folder,
    config: {
      database: { file: join(folder, "shop.db"), sample: "sample/shop.sql", ...database },
      policy: "policy",
      local: { roles, ...(scopes === undefined ? {} : { scopes }) },
    },
  });
}

/** Rows of an answer, without its mark. */
export async function rowsOf(session: Session, sql: string, params: readonly unknown[] = []): Promise<unknown> {
  const { structuredContent } = await session.call("query_orders", { sql, params });
  return structuredContent?.["rows"] ?? structuredContent?.error;
}

/** The public code of a refusal. */
export function codeOf({ structuredContent }: Answer): string | undefined {
  return structuredContent?.error?.code;
}
