import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export type AuditLine = Readonly<Record<string, unknown>> & { readonly type: string };

/** A folder for a configuration and its files, removed when disposed of. */
export interface TestFolder extends Disposable {
  readonly path: string;
  readonly audit: string;
  /** Writes a file in the folder, readable by its owner only. */
  write(name: string, content: unknown): string;
  /** Every line of the audit log. */
  records(): readonly AuditLine[];
}

export function testFolder(): TestFolder {
  const path = mkdtempSync(join(tmpdir(), "hardened-api-"));
  const audit = join(path, "audit");
  return {
    path,
    audit,
    write(name, content) {
      const full = join(path, name);
      writeFileSync(full, typeof content === "string" ? content : JSON.stringify(content), { mode: 0o600 });
      return full;
    },
    records: () =>
      readdirSync(audit, { recursive: true, encoding: "utf8" })
        .filter((name) => name.endsWith(".jsonl"))
        .sort()
        .flatMap((name) => readFileSync(join(audit, name), "utf8").trim().split("\n"))
        .map((line) => JSON.parse(line) as AuditLine),
    [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }),
  };
}
