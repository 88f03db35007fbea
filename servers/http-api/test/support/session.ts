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

/** An API to serve: where it is, and its document. */
export interface Served {
  readonly baseUrl: string;
  readonly document: Readonly<Record<string, unknown>>;
}

/** How a session is opened. */
export interface Opening {
  readonly generation?: Generation;
  readonly args?: readonly string[];
  /** Keys of a configuration, besides the API `api`. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** What the configuration says of the API `api` besides its document and its place. */
  readonly api?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
}

/** A real client over stdio on the built command, which serves one API. */
export function openApi(folder: TestFolder, served: Served, opening: Opening = {}): Promise<Session> {
  const { generation, args = [], config = {}, api = {}, env } = opening;
  const spec = folder.write("openapi.json", served.document);
  const apis = { api: { spec, baseUrl: served.baseUrl, ...api }, ...(config["apis"] as object | undefined) };
  const file = folder.write("config.json", { ...config, apis });
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

/** The body of a call that must succeed. */
export async function body(session: Session, name: string, args: Record<string, unknown> = {}): Promise<unknown> {
  return structured(await session.call(name, args))["body"];
}

/** The public code of a call, or `ok`. */
export async function code(session: Session, name: string, args: Record<string, unknown>): Promise<string> {
  const answer = await session.call(name, args);
  return answer.isError ? (answer.code ?? "?") : "ok";
}
