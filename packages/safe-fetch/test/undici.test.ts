import * as whole from "undici";
import { expect, it } from "vitest";
import { UndiciAgent, UndiciClient, UndiciPool } from "../src/undici.ts";

it("what is loaded alone is what undici hands out", () => {
  expect([UndiciAgent, UndiciPool, UndiciClient]).toEqual([whole.Agent, whole.Pool, whole.Client]);
});
