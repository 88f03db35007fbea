import { builtinModules } from "node:module";
import { UsageError } from "@hardened-mcp/server/flags";

/**
 * What is a package's name, a server's name in policies, a DNS label (containers) and a unit's name at once. Stricter than npm,
 * which lets dots, `_` and `~` pass.
 */
const NAME = /^[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
export const FALLBACK = "my-mcp-server";
/** npm refuses them: a package that can never be imported, or one that would depend on itself. */
const TAKEN = new Set([...builtinModules, "favicon-ico", "node-modules", "test", "typescript", "zod"]);

export function isProjectName(name: string): boolean {
  return NAME.test(name) && !TAKEN.has(name);
}

/** The nearest right name to what somebody typed. */
export function suggestName(text: string): string {
  const plain = text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^[-0-9]+/, "")
    .slice(0, 56)
    .replace(/-+$/, "");
  if (isProjectName(plain)) return plain;
  return plain === "" ? FALLBACK : `${plain}-server`;
}

/** @throws {UsageError} no name for a package, with one that is */
export function checkedName(name: string): string {
  if (isProjectName(name)) return name;
  throw new UsageError(
    `${JSON.stringify(name)} makes no package name: lower-case letters, digits and "-", from a letter on, 63 at most, and no name that Node or a dependency has. Add --name ${suggestName(name)}.`,
  );
}

/**
 * A name from the folder's: `My server` is `my-server`.
 *
 * @throws {UsageError} more than case and separators would have to change
 */
export function nameFromFolder(folder: string): string {
  const name = folder.toLowerCase().replace(/[\s._]+/g, "-");
  if (isProjectName(name)) return name;
  throw new UsageError(
    `The folder's name ${JSON.stringify(folder)} makes no package name. Add --name ${suggestName(folder)}.`,
  );
}
