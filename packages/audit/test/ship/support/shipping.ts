import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, vi } from "vitest";
import type { ShippingOptions } from "../../../src/ship/index.ts";
import { type Shipping, startShipping } from "../../../src/ship/index.ts";
import { temporaryFolder } from "../../support.ts";

/** Shipping that ends with its test. */
export async function ship(options: ShippingOptions): Promise<Shipping> {
  const shipping = await startShipping(options);
  onTestFinished(() => shipping.close({ flushMs: 0 }));
  return shipping;
}

/** Waits until it holds, for as long as a busy machine may need. */
export function until(check: () => void): Promise<void> {
  return vi.waitFor(check, { timeout: 20_000, interval: 20 });
}

/** A file with a secret, for its owner only. */
export function secretFile(value: string): string {
  const path = join(temporaryFolder(), "secret");
  writeFileSync(path, value, { mode: 0o600 });
  return path;
}

export function publicFile(value: string): string {
  const path = join(temporaryFolder(), "file.pem");
  writeFileSync(path, value);
  return path;
}

/** Every line of a log, over its segments. */
export function lines(dir: string): string[] {
  return readdirSync(dir)
    .filter((name) => name.endsWith(".jsonl"))
    .sort()
    .flatMap((name) => readFileSync(join(dir, name), "utf8").split("\n").filter(Boolean));
}

/** What a collector that keeps one record for each number and hash has. */
export function deduplicated(bodies: readonly string[]): string[] {
  return [...new Set(bodies)];
}

export function expectStatus(shipping: Shipping, name: string) {
  return expect(shipping.status().find((one) => one.name === name));
}
