import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Real files to serve: one of 1 KiB, one of 1 MiB, a folder of 1,000 and a tree of 10,000. */
export function makeTree(): { readonly root: string; remove(): void } {
  const root = mkdtempSync(join(tmpdir(), "bench-files-"));
  const line = "The quick brown fox jumps over the lazy dog, again and again.\n";
  const text = (bytes: number): string => line.repeat(Math.ceil(bytes / line.length)).slice(0, bytes);
  writeFileSync(join(root, "small.txt"), text(1024));
  writeFileSync(join(root, "large.txt"), text(1024 * 1024));
  mkdirSync(join(root, "thousand"));
  for (let i = 0; i < 1000; i++) writeFileSync(join(root, "thousand", `entry-${i}.txt`), "x");
  for (let folder = 0; folder < 100; folder++) {
    const path = join(root, "tree", `part-${folder % 10}`, `folder-${folder}`);
    mkdirSync(path, { recursive: true });
    for (let i = 0; i < 100; i++) writeFileSync(join(path, `file-${i}.${i % 50 === 0 ? "needle" : "txt"}`), "x");
  }
  return { root, remove: () => rmSync(root, { recursive: true, force: true }) };
}
