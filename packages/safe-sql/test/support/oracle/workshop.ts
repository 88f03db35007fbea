import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { canary } from "../sample/canaries.ts";
import { makeSqliteSample } from "../sample/sqlite.ts";
import type { SampleSize } from "../sample/tables.ts";

/** A folder with the database that is attacked, and with files that an attack could read, change or add to. */
export interface Workshop {
  /** Everything in it is watched. */
  readonly dir: string;
  /** The database, inside `dir`. */
  readonly file: string;
  /** Where a test may put files of its own; not watched. */
  readonly aside: string;
  /** Puts the folder back to how it was made. */
  restore(): void;
  /** The text with `{dir}` filled in. */
  fill(sql: string): string;
  remove(): void;
}

export function makeWorkshop(size: SampleSize): Workshop {
  const base = mkdtempSync(join(tmpdir(), "hardened-mcp-sql-"));
  const [dir, aside] = [join(base, "watched"), join(base, "aside")];
  const [file, origin] = [join(dir, "shop.db"), join(aside, "origin.db")];
  mkdirSync(aside);
  makeSqliteSample(origin, size);
  const restore = (): void => {
    rmSync(dir, { recursive: true, force: true });
    mkdirSync(dir);
    copyFileSync(origin, file);
    writeFileSync(join(dir, "canary.txt"), canary("file", 1));
    const other = new DatabaseSync(join(dir, "other.db"));
    other.exec(`create table s(v); insert into s values ('${canary("other", 1)}')`);
    other.close();
  };
  restore();
  return {
    dir,
    file,
    aside,
    restore,
    fill: (sql) => sql.replaceAll("{dir}", dir),
    remove: () => rmSync(base, { recursive: true, force: true }),
  };
}
