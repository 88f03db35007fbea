import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openState, type StateStore } from "@hardened-mcp/state";
import { onTestFinished } from "vitest";
import type { Driver } from "../../../state/src/driver.ts";
import { openDriver } from "../../../state/test/support/open-driver.ts";

/** A real store, with what a command needs to be shown to it. */
export interface Scene {
  readonly url: string;
  readonly keyFile: string;
  /** `--state URL --state-key FILE --namespace NAME` */
  readonly flags: readonly string[];
  /** The store as a server has it. */
  open(): Promise<StateStore>;
  /** The store as somebody has it who may write to it and has no key. */
  attack(): Promise<Driver>;
}

/** A folder of this test's own, 0700; gone afterwards. */
export function folder(): string {
  const made = mkdtempSync(join(tmpdir(), "hardened-mcp-cli-"));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

/** A namespace of its own in the store at `url`, which for SQLite is made now, as a server does at its start. */
export async function scene(url?: string): Promise<Scene> {
  const dir = folder();
  const database = join(dir, "state.db");
  const where = url ?? `sqlite://${database}`;
  const key = randomBytes(32);
  const keyFile = `${database}.key`;
  writeFileSync(keyFile, key, { mode: 0o600 });
  const namespace = `cli-${randomBytes(8).toString("hex")}`;

  async function open(): Promise<StateStore> {
    const store = await openState(where, { namespace, macKeys: [key], timeoutMs: 10_000 });
    onTestFinished(() => store.close());
    return store;
  }
  async function attack(): Promise<Driver> {
    const driver = await openDriver(where, { namespace });
    onTestFinished(() => driver.close());
    return driver;
  }
  await open();
  const flags = ["--state", where, "--namespace", namespace, ...(url === undefined ? [] : ["--state-key", keyFile])];
  return { url: where, keyFile, flags, open, attack };
}
