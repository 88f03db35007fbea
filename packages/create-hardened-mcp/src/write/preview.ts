import type { PlannedFile } from "../plan/planned-file.ts";
import { placeIn } from "./anchor.ts";
import { isOpenToOthers } from "./keep.ts";
import { look } from "./look.ts";
import type { Written } from "./merge.ts";
import { refuseUnwritable } from "./reachable.ts";
import { surveyed } from "./survey.ts";
import { nearestAbove, type Target } from "./target.ts";

/**
 * What {@link writeProject} would write, without touching anything.
 *
 * @throws {Stop} what it would refuse before it moves a file. A disk that is full is only found by writing
 */
export function previewProject({ dir, found }: Target, files: readonly PlannedFile[]): Written {
  const pathsOf = (some: readonly PlannedFile[]) => some.map(({ path }) => path);
  if (found === "absent") {
    const above = nearestAbove(dir);
    refuseUnwritable(above, above);
    return { files: pathsOf(files), replaced: [], closed: [] };
  }
  return surveyed(dir, files, ({ anchors, kept }) => {
    const placeOf = ({ path }: PlannedFile) => placeIn(anchors, path) ?? "";
    const moved = files.filter((file) => !kept.has(file));
    return {
      files: pathsOf(moved),
      replaced: pathsOf(moved.filter((file) => look(placeOf(file)) !== undefined)),
      closed: pathsOf([...kept].filter((file) => isOpenToOthers(file, placeOf(file)))),
    };
  });
}
