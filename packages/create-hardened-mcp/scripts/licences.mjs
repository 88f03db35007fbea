import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const OURS = /^(?:@hardened-mcp\/|create-hardened-mcp$)/;

/** The folders of the packages that a bundle holds code of, by esbuild's own account. */
export function bundledPackages(metafile, room) {
  const folders = new Map();
  for (const input of Object.keys(metafile.inputs)) {
    const [, folder] = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input) ?? [];
    if (folder === undefined) continue;
    const { name, version, license } = JSON.parse(readFileSync(join(room, folder, "package.json"), "utf8"));
    if (!OURS.test(name)) folders.set(name, { name, version, license, folder: join(room, folder) });
  }
  return [...folders.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Writes the notice of every bundled package. @throws {Error} one comes without the text of its licence */
export function writeLicences(metafile, room, file) {
  const notices = bundledPackages(metafile, room).map(({ name, version, license, folder }) => {
    const text = readdirSync(folder).find((entry) => /^licen[cs]e(?:\.(?:md|txt))?$/i.test(entry));
    if (text === undefined) throw new Error(`${name} has no licence file; it cannot be bundled.`);
    return `${name} ${version} (${license})\n\n${readFileSync(join(folder, text), "utf8").trim()}\n`;
  });
  const head = "create-hardened-mcp holds code of these packages.\n";
  writeFileSync(file, [head, ...notices].join(`\n${"-".repeat(80)}\n\n`));
}
