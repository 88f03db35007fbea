import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The part of `TestContext` of node:test that is needed: what is started ends with the test. */
export interface TestEnd {
  after(clean: () => unknown): void;
}

/** A folder for one test, by its real path. Gone after it. */
export function tempFolder(t: TestEnd): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "hardened-mcp-test-")));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
