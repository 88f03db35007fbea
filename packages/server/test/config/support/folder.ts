import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder of this test's own, 0700; removed when disposed of. */
export interface SecretFolder extends Disposable {
  readonly path: string;
  /** Writes a file, 0600 unless said otherwise, and returns its path. */
  write(name: string, content: string | Buffer, mode?: number): string;
}

export function secretFolder(): SecretFolder {
  const path = mkdtempSync(join(tmpdir(), "hardened-mcp-config-"));
  return {
    path,
    write(name, content, mode = 0o600) {
      const full = join(path, name);
      writeFileSync(full, content, { mode });
      return full;
    },
    [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }),
  };
}
