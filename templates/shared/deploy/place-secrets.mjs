// Copies secrets to where only the server's user can read them. Kubernetes mounts them readable by a group, and such files are
// refused: copy them into a volume in memory before the server starts.
import { chmodSync, copyFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";

const [from, to] = process.argv.slice(2);
if (from === undefined || to === undefined) throw new Error("usage: place-secrets.mjs FROM TO");
for (const name of readdirSync(from)) {
  // Names that begin with dots are Kubernetes' own: links to the present version.
  if (name.startsWith("..") || !statSync(join(from, name)).isFile()) continue;
  copyFileSync(join(from, name), join(to, name));
  chmodSync(join(to, name), 0o400);
}
