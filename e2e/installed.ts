import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { publishable, ROOT } from "../scripts/pack/workspace.ts";

/**
 * What was installed is what was published a moment ago. The version stays the same from one run to the next, so a cache that
 * outlives a run would hand out the packages of an earlier one, and everything after would prove those.
 *
 * @returns how many files were compared
 * @throws {Error} a file of ours in `node_modules` is another than here
 */
export function expectOurs(project: string): number {
  const folders = new Map(publishable().map(({ folder, manifest }) => [manifest.name, join(ROOT, folder)]));
  const scope = join(project, "node_modules/@hardened-mcp");
  let compared = 0;
  for (const name of readdirSync(scope)) {
    const [there, here] = [join(scope, name, "dist"), join(folders.get(`@hardened-mcp/${name}`) ?? "", "dist")];
    for (const path of readdirSync(there, { recursive: true, encoding: "utf8" })) {
      if (!statSync(join(there, path)).isFile()) continue;
      if (!readFileSync(join(there, path)).equals(readFileSync(join(here, path))))
        throw new Error(`@hardened-mcp/${name}/dist/${path} is another than the one that was published.`);
      compared++;
    }
  }
  if (compared === 0) throw new Error(`${scope} has nothing of ours in it.`);
  return compared;
}
