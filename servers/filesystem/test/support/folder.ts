import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** A folder of its own, removed when disposed of. `root` is served; `outside` and its like lie next to it. */
export interface TestFolder extends Disposable {
  readonly path: string;
  readonly root: string;
  readonly audit: string;
  /** Writes a file below the root, directories included. */
  write(path: string, content: string | Buffer): string;
  /** Writes a file next to the root. */
  writeOutside(path: string, content: string): string;
}

export function testFolder(files: Readonly<Record<string, string | Buffer>> = {}): TestFolder {
  const path = mkdtempSync(join(tmpdir(), "hardened-fs-"));
  const root = join(path, "root");
  mkdirSync(root, { mode: 0o700 });
  const put = (full: string, content: string | Buffer): string => {
    mkdirSync(dirname(full), { recursive: true });
    writeFileSync(full, content);
    return full;
  };
  const folder: TestFolder = {
    path,
    root,
    audit: join(path, "audit"),
    write: (name, content) => put(join(root, name), content),
    writeOutside: (name, content) => put(join(path, name), content),
    [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }),
  };
  for (const [name, content] of Object.entries(files)) folder.write(name, content);
  return folder;
}
