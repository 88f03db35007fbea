import * as whole from "undici";
import { expect, it } from "vitest";
import { undiciAgent } from "../src/undici.ts";

it("the agent that is loaded alone is the one that undici hands out", () => {
  expect(undiciAgent()).toBe(whole.Agent);
});
