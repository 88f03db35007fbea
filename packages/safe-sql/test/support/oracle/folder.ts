import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/** Names and bytes of everything below `folder`: equal exactly where nothing was made, changed or removed. */
export function fingerprint(folder: string): string {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      if (!entry.isFile()) return path;
      // A big file is told by its size and the nanosecond of its last change: hashing 90 MB after each statement takes too long.
      const { size, mtimeNs } = statSync(path, { bigint: true });
      if (size > 8_000_000n) return `${path} ${size} ${mtimeNs}`;
      return `${path} ${createHash("sha256").update(readFileSync(path)).digest("hex")}`;
    })
    .sort()
    .join("\n");
}
