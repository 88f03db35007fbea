// Copies secrets to where only the server's user can read them. Kubernetes mounts them readable by a group, and such files are
// refused: copy them into a volume in memory before the server starts.
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const [from, to] = process.argv.slice(2);
if (from === undefined || to === undefined) throw new Error("usage: place-secrets.mjs FROM TO");
for (const name of readdirSync(from)) {
  // Names that begin with dots are Kubernetes' own: links to the present version.
  if (name.startsWith("..") || !statSync(join(from, name)).isFile()) continue;
  // A pod that starts again has the volume as it was, with files that nobody may write to: they are replaced.
  rmSync(join(to, name), { force: true });
  writeFileSync(join(to, name), readFileSync(join(from, name)), { flag: "wx", mode: 0o400 });
}
