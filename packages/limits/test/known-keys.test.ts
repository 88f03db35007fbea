import { expect, it } from "vitest";

import { refuseUnknownKeys } from "../src/known-keys.ts";

const KNOWN = { limit: true, windowMs: true, burst: true } as const;

it.each([
  ["limits", "limit"],
  ["windowms", "windowMs"],
  ["windowsMs", "windowMs"],
  ["brust", "burst"],
  ["bust", "burst"],
])("names the option that %j was meant to be", (key, right) => {
  expect(() => refuseUnknownKeys("rule", { [key]: 1 } as never, KNOWN)).toThrow(
    `rule has no option "${key}". Did you mean "${right}"?`,
  );
});

it.each(["x", "replicas", "__proto_", "constructor", "x".repeat(100_000)])("suggests nothing for %.20s", (key) => {
  expect(() => refuseUnknownKeys("rule", { [key]: 1 } as never, KNOWN)).toThrow(/^rule has no option "[^"]{1,64}"\.$/);
});

it("accepts what is known", () => {
  expect(() => refuseUnknownKeys("rule", { limit: 1 } as never, KNOWN)).not.toThrow();
});
