import { randomBytes } from "node:crypto";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkOptions, type OpenStateOptions, type StateSettings } from "../../src/open/options.ts";

export const MAC_KEY = randomBytes(32);

/** Patient, because 400 operations at once on a busy two-core machine are no outage. */
export function settings(options: Partial<OpenStateOptions> = {}): StateSettings {
  return checkOptions({ namespace: "contract", macKeys: [MAC_KEY], timeoutMs: 10_000, ...options });
}

/** A folder of this test's own, 0700. */
export function freshFolder(): string {
  return mkdtempSync(join(tmpdir(), "hardened-mcp-state-"));
}
