import { fileURLToPath } from "node:url";
import {
  type Generation,
  openSession as openOn,
  type Session,
  type ToolAnswer,
} from "../../../../test/support/stdio-session.ts";
import type { TestFolder } from "./folder.ts";

export { GENERATIONS, type Generation, type Session, type ToolAnswer } from "../../../../test/support/stdio-session.ts";

export const CLI = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));

/** How a session is opened. */
export interface Opening {
  readonly generation?: Generation;
  readonly args?: readonly string[];
  /** Keys of a configuration, besides the source `shop`. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** What the configuration says of the source `shop` besides its file. */
  readonly shop?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
}

/** A real client over stdio on the built command, which serves the shop. */
export function openShop(folder: TestFolder, opening: Opening = {}): Promise<Session> {
  const { generation, args = [], config = {}, shop = {}, env } = opening;
  const sources = {
    shop: { type: "sqlite", file: folder.shop, ...shop },
    ...(config["sources"] as object | undefined),
  };
  const file = folder.write("config.json", { ...config, sources });
  return openOn([CLI, "--audit-dir", folder.audit, "--config", file, ...args], {
    ...(generation === undefined ? {} : { generation }),
    ...(env === undefined ? {} : { env }),
  });
}

/** The structured form of an answer that must be none of an error. */
export function structured(answer: ToolAnswer): Record<string, unknown> {
  if (answer.isError || answer.structured === undefined) throw new Error(`expected an answer, got ${answer.text}`);
  return answer.structured;
}

/** Rows of a query that must succeed. */
export async function rows(session: Session, sql: string, args: Record<string, unknown> = {}): Promise<unknown> {
  return structured(await session.call("query", { sql, ...args }))["rows"];
}

/** The public code of a call, or `ok`. */
export async function code(session: Session, name: string, args: Record<string, unknown>): Promise<string> {
  const answer = await session.call(name, args);
  return answer.isError ? (answer.code ?? "?") : "ok";
}
