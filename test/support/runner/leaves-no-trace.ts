import { afterAll, beforeAll, expect } from "vitest";
import { traces } from "./traces.ts";

let before: ReturnType<typeof traces>;
beforeAll(() => {
  before = traces();
});
// Registered first, and so run after every hook of the file itself.
afterAll(() => {
  expect(traces()).toEqual(before);
});
