import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { PlannedFile } from "../plan/planned-file.ts";
import { cannotWrite } from "../stop.ts";
import type { Anchor } from "./anchor.ts";

/** Folders that the server takes as a whole: what lies there counts, whoever put it there. */
export const IN_FORCE: Readonly<Record<string, string>> = {
  policy: "every rule in it is in force",
  files: "every file in it is offered",
};

/** How many names a message holds. */
const NAMES = 10;

/**
 * A rule of an older project would permit what the new one denies.
 *
 * @param anchors the folders of the plan that are there already
 * @throws {Stop} one of {@link IN_FORCE} holds what is not planned
 */
export function refuseStrays(files: readonly PlannedFile[], anchors: ReadonlyMap<string, Anchor>, dir: string): void {
  const planned = new Set(files.map(({ path }) => path));
  for (const [root, why] of Object.entries(IN_FORCE)) {
    const strays = [...anchors]
      .filter(([folder]) => folder === root || folder.startsWith(`${root}/`))
      .flatMap(([folder, anchor]) => readdirSync(anchor.path).map((name) => `${folder}/${name}`))
      .filter((path) => !planned.has(path) && !isFolderOf(path, planned));
    if (strays.length === 0) continue;
    const more = strays.length > NAMES ? ` and ${strays.length - NAMES} more` : "";
    throw cannotWrite(
      `${join(dir, root)} holds what is not of the new project, and ${why}: ${strays.slice(0, NAMES).join(", ")}${more}. Nothing was written. Move that away.`,
    );
  }
}

function isFolderOf(path: string, planned: ReadonlySet<string>): boolean {
  return [...planned].some((one) => one.startsWith(`${path}/`));
}
