import { existsSync } from "node:fs";
import { join } from "node:path";

/** Files of a policy folder come by their name within it; here as an editor opens them from where the command ran. */
export function located<T extends { readonly file: string }>(path: string, one: T): T {
  const file = join(path, one.file);
  return existsSync(file) ? { ...one, file } : one;
}
