import { lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** Every entry below a folder, with the rights of its owner, group and others. */
export function tree(folder: string): Readonly<Record<string, string>> {
  const entries = readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();
  return Object.fromEntries(entries.map((path) => [path, rights(join(folder, path))]));
}

export function rights(path: string): string {
  return (lstatSync(path).mode & 0o777).toString(8);
}
