// Bundles the command into dist/, so that `npm create` fetches one package and nothing else, and puts the templates and the
// licences of what is inside beside it. The types are checked before, by tsc.
import { chmodSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { writeLicences } from "./licences.mjs";
import { copyTemplates } from "./templates.mjs";

const room = fileURLToPath(new URL("..", import.meta.url));
const dist = `${room}dist`;

rmSync(dist, { recursive: true, force: true });
const { metafile } = await build({
  absWorkingDir: room,
  entryPoints: ["src/cli.ts"],
  outdir: "dist",
  bundle: true,
  // What only people need is a file of its own: a script does not wait for prompts to be read and compiled.
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node24",
  legalComments: "none",
  // The names stay, so that the trace of a failure can be read.
  minifySyntax: true,
  minifyWhitespace: true,
  metafile: true,
  logLevel: "warning",
});
chmodSync(`${dist}/cli.js`, 0o755);
writeLicences(metafile, room, `${dist}/THIRD-PARTY-LICENSES`);
copyTemplates(fileURLToPath(new URL("../../..", import.meta.url)), `${dist}/templates`);
