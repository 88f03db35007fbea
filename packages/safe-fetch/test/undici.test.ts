import * as whole from "undici";
import { expect, it } from "vitest";
import { undiciAgent, undiciClient, undiciPool } from "../src/undici.ts";

it("what is loaded alone is what undici hands out", () => {
  expect([undiciAgent(), undiciPool(), undiciClient()]).toEqual([whole.Agent, whole.Pool, whole.Client]);
});
