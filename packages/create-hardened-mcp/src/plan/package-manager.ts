import type { Project } from "../options/project.ts";
import type { PlannedFile } from "./planned-file.ts";

/**
 * What keeps each package manager from running code of packages on install, and has it save exact versions.
 *
 * @param overrides where packages come from instead of the registry
 */
export function packageManagerFiles(
  { pm }: Project,
  overrides: Readonly<Record<string, string>>,
): readonly PlannedFile[] {
  switch (pm) {
    case "npm":
      return [{ path: ".npmrc", data: "ignore-scripts=true\nsave-exact=true\n" }];
    case "pnpm":
      return [
        { path: "pnpm-workspace.yaml", data: `ignoreScripts: true\nsaveExact: true\n${overridesYaml(overrides)}` },
      ];
    case "yarn":
      return [
        { path: ".yarnrc", data: 'ignore-scripts true\nsave-prefix ""\n' },
        { path: ".yarnrc.yml", data: 'defaultSemverRangePrefix: ""\nenableScripts: false\nnodeLinker: node-modules\n' },
        // Without one, yarn takes a folder below another project for a part of that.
        { path: "yarn.lock", data: "", keep: true },
      ];
    case "bun":
      return [{ path: "bunfig.toml", data: "[install]\nexact = true\nignoreScripts = true\n" }];
  }
}

function overridesYaml(overrides: Readonly<Record<string, string>>): string {
  const lines = Object.entries(overrides).map(([name, spec]) => `  ${JSON.stringify(name)}: ${JSON.stringify(spec)}\n`);
  return lines.length === 0 ? "" : `overrides:\n${lines.join("")}`;
}
