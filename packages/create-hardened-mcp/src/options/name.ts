import { builtinModules } from "node:module";
import { homedir } from "node:os";
import { basename, join } from "node:path";
import { UsageError } from "@hardened-mcp/server/flags";
import { hasUnseen } from "../say/visible.ts";

/**
 * What is a package's name, a server's name in policies, a DNS label (containers) and a unit's name at once. Stricter than npm,
 * which lets dots, `_` and `~` pass.
 */
const NAME = /^[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
export const FALLBACK = "my-mcp-server";
/** npm refuses them: a package that can never be imported, or one that would depend on itself. */
const TAKEN = new Set([...builtinModules, "favicon-ico", "node-modules", "test", "typescript", "zod"]);
/** In the manifests they would be no text in YAML, a namespace that the cluster has already, or a unit of the system. */
const ELSEWHERE =
  /^(?:null|true|false|yes|no|on|off|y|n|default|kube-.*|systemd.*|sshd?|cron|dbus|docker|containerd|kubelet|getty|rsyslog|nginx)$/;

/** Images that others are made from: one that is built and tagged with the project's name would take their place on the machine. */
const IMAGES = new Set([
  "alpine",
  "busybox",
  "debian",
  "mariadb",
  "mongo",
  "mysql",
  "node",
  "postgres",
  "redis",
  "ubuntu",
  "valkey",
]);

export function isProjectName(name: string): boolean {
  return NAME.test(name) && !TAKEN.has(name) && !ELSEWHERE.test(name) && !IMAGES.has(name);
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
  const longer = `${plain}-server`;
  return isProjectName(longer) ? longer : FALLBACK;
}

/** @throws {UsageError} no name for a package, with one that is */
export function checkedName(name: string): string {
  if (isProjectName(name)) return name;
  throw new UsageError(
    `${JSON.stringify(name)} makes no package name: lower-case letters, digits and "-", from a letter on, 63 at most, and no name that Node, a dependency, YAML, a system or a well-known image has. Add --name ${suggestName(name)}.`,
  );
}

/**
 * Whoever lists the folder would be shown something else, whatever name the project has. A folder above is not ours to name.
 *
 * @throws {UsageError} a control character or one that turns text around in its name; a path that was no text
 */
export function refuseUnseen(dir: string): void {
  if (hasUnseen(basename(dir)))
    throw new UsageError(`The folder's name ${basename(dir)} has a character that is not seen. Choose another one.`);
  // Node has put it in where the bytes were no UTF-8: another folder than the one that was meant would be made.
  if (dir.includes("\ufffd"))
    throw new UsageError(`The path ${dir} is no UTF-8, and cannot be written as it is. Choose another folder.`);
}

/**
 * What a shell makes a home folder of, where none has read it: at our prompt, in quotes, on Windows.
 *
 * @throws {UsageError} a folder of that name would be made in this one
 */
export function refuseHome(dir: string): void {
  const [first = "", ...below] = dir.split("/");
  if (!first.startsWith("~")) return;
  const meant = first === "~" ? ` If your home folder is meant, write ${join(homedir(), ...below)}.` : "";
  throw new UsageError(
    `${JSON.stringify(dir)} begins with "~", and no shell has made a folder of that.${meant} If it is the name of a folder, write ./${dir}.`,
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
