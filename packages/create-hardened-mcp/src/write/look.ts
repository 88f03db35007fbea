import { lstatSync, type Stats } from "node:fs";

/** What has this name, itself and not what it links to; `undefined`: nothing. */
export function look(path: string): Stats | undefined {
  return lstatSync(path, { throwIfNoEntry: false });
}
