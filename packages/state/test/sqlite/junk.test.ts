import { join } from "node:path";
import Database from "better-sqlite3";
import { junkRows } from "../suites/junk-rows.ts";
import { freshFolder } from "../support/settings.ts";

const path = join(freshFolder(), "state.db");

junkRows("SQLite", () => `sqlite://${path}`, {
  set: async (column, literal, key) => {
    const attacker = new Database(path);
    attacker.prepare(`UPDATE hardened_mcp_state SET ${column} = ${literal} WHERE key = ?`).run(Buffer.from(key));
    attacker.close();
  },
  noEnd: "9223372036854775807",
});
