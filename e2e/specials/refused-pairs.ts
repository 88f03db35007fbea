import { join } from "node:path";
import { createLine } from "../managers.ts";
import { CHOICES, isAllowed } from "../rows.ts";
import type { Trial } from "../trial.ts";
import { create, expectEnd, expectPath } from "./support.ts";

/** Every transport with every auth that it cannot have, and what else would be unsafe or have no effect. */
const REFUSED: readonly (readonly [flags: readonly string[], words: string])[] = [
  ...CHOICES.transport.flatMap((transport) =>
    CHOICES.auth
      .filter((auth) => !isAllowed({ transport, auth }))
      .map((auth) => [["--transport", transport, "--auth", auth], `--auth ${auth} is for callers over HTTP`] as const),
  ),
  [["--transport", "http", "--auth", "none", "--host", "0.0.0.0"], "nobody would ask them who they are"],
  [["--auth", "jwt"], "--auth jwt is for callers over HTTP"],
  [["--template", "databse"], "Did you mean database?"],
  [["--overwite"], "--overwrite"],
];

export const refusedPairs: Trial = {
  title: "special refused pairs of options",
  tools: [],
  run: async (setting, step) => {
    const world = await setting.world();
    for (const [flags, words] of REFUSED) {
      expectEnd(await step("refuse", () => create(world, "refused", { flags })), 64, [words]);
      expectPath(join(world.folder, "refused"), false);
    }
    // npm keeps a flag for itself that does not come after two hyphens; nobody may get what they did not ask for.
    const [command, ...args] = createLine("npm", "refused", ["--template=database"]).filter((word) => word !== "--");
    expectEnd(await step("refuse", () => world.run(command ?? "", args)), 64, ['Put "--" before the flags']);
    expectPath(join(world.folder, "refused"), false);
  },
};
