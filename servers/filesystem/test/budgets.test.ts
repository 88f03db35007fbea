import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { testFolder } from "./support/folder.ts";
import { openSession } from "./support/session.ts";

const READ = ["read_text_file", { path: "a.txt" }] as const;
const WALK = ["search_files", { path: ".", pattern: "**" }] as const;

/** What becomes of calls, one after the other, under `limits`; listing tools at the start of a session costs nothing here. */
async function codes(
  limits: object,
  calls: readonly (readonly [string, Record<string, unknown>])[],
): Promise<string[]> {
  using folder = testFolder({ "a.txt": "x" });
  const config = join(folder.path, "config.json");
  writeFileSync(config, JSON.stringify({ limits }));
  await using session = await openSession(folder, { args: ["--config", config] });
  const seen: string[] = [];
  for (const [name, args] of calls) {
    seen.push((await session.call(name, args)).code ?? "ok");
  }
  return seen;
}

describe("what a caller may spend", () => {
  it("counts a walk through a tree as ten reads", async () => {
    expect(await codes({ callsPerMinute: 12 }, [WALK, READ, READ, READ])).toEqual(["ok", "ok", "ok", "rate_limited"]);
  });

  it("leaves room for one walk where less than ten calls a minute are allowed", async () => {
    expect(await codes({ callsPerMinute: 3 }, [WALK, READ])).toEqual(["ok", "rate_limited"]);
  });

  it("ends with the day's budget", async () => {
    expect(await codes({ costPerDay: 2 }, [READ, READ, READ])).toEqual(["ok", "ok", "rate_limited"]);
  });
});
