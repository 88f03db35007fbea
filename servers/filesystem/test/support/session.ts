import { fileURLToPath } from "node:url";
import type { Generation, Session } from "../../../../test/support/stdio-session.ts";
import { openSession as openOn } from "../../../../test/support/stdio-session.ts";
import type { TestFolder } from "./folder.ts";

export { GENERATIONS, type Generation, type Session, type ToolAnswer } from "../../../../test/support/stdio-session.ts";

export const CLI = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));

/** A real client over stdio on the built command. */
export function openSession(
  folder: TestFolder,
  options: { generation?: Generation; args?: readonly string[]; roots?: readonly string[] } = {},
): Promise<Session> {
  const args = [CLI, "--audit-dir", folder.audit, ...(options.args ?? []), ...(options.roots ?? [folder.root])];
  return openOn(args, options.generation === undefined ? {} : { generation: options.generation });
}
