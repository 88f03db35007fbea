import type { Located } from "./backend.ts";
import type { RootContext } from "./context.ts";
import { PathError } from "./errors.ts";

/**
 * Compares the mount of an open object with the root's.
 *
 * A link to /proc/PID/root/... leads into another mount namespace, where the kernel's answer is a path as that
 * namespace sees it: a container's own /data/x is answered as "/data/x". So even where mounts below the root are
 * allowed, an object reached by following links must lie in a mount of this process's namespace.
 *
 * @throws {PathError} `other_mount`, `outside_root`
 */
export function checkMount(root: RootContext, located: Located): void {
  const refuse = root.options.mounts === "refuse";
  if (!refuse && !located.followed) return;
  const mount = root.backend.mountOf(located.fd);
  if (mount === root.mount) return;
  if (refuse) throw new PathError("other_mount");
  if (mount === undefined || !root.backend.isOwnMount(mount)) throw new PathError("outside_root");
}
