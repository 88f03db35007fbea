import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { valuesOf } from "../../src/options/choices.ts";
import type { Flags } from "../../src/options/flags.ts";
import { tempFolder } from "../support/cli.ts";
import { KINDS, planOf, projectOf } from "../support/project.ts";

const BIOME = createRequire(import.meta.url).resolve("@biomejs/biome/bin/biome");

test("a new project passes its own formatter and linter, with the shortest name, the longest, and any options", async () => {
  const folder = tempFolder();
  const write = (flags: Flags, only: RegExp) => {
    const project = projectOf(flags);
    if (project === "refused") return;
    const place = [project.template, project.name.length, project.transport, project.auth, project.state].join("-");
    for (const [path, text] of planOf(project)) {
      if (!only.test(path) || path === "biome.json") continue;
      mkdirSync(dirname(join(folder, place, path)), { recursive: true });
      writeFileSync(join(folder, place, path), text);
    }
  };
  for (const template of KINDS as readonly NonNullable<Flags["template"]>[]) {
    for (const name of ["a", "a".repeat(63)]) write({ template, name }, /\.(?:ts|mjs|json)$/);
    for (const auth of valuesOf("auth") as readonly NonNullable<Flags["auth"]>[]) {
      write({ template, name: "shop", transport: "both", auth, state: "redis" }, /\.json$/);
    }
    // The words of another package manager are longer.
    write({ template, name: "pnpm-server", pm: "pnpm" }, /\.(?:ts|mjs|json)$/);
  }
  const [kind = "minimal"] = KINDS;
  // A template that brings no settings is held to the workspace's.
  const workspace = () => readFileSync(join(import.meta.dirname, "../../../../biome.json"), "utf8");
  writeFileSync(
    join(folder, "biome.json"),
    planOf(projectOf({ template: kind }) as never).get("biome.json") ?? workspace(),
  );
  writeFileSync(join(folder, ".gitignore"), "node_modules/\n");
  const args = [BIOME, "check", "--error-on-warnings", "--colors=off", folder];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { cwd: folder }).catch((error) => error);
  const said = `${stdout}${stderr}`;
  expect(said).toMatch(/Checked \d\d+ files/);
  expect(said).not.toMatch(/Found \d+ (?:error|warning)/);
});
