import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { goodClaims, token } from "../support/forge.ts";
import { RESOURCE, startWorld, type World } from "../support/world.ts";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const OTHERS = [...ALPHABET, ".", "=", "+", "/", "~"];

let world: World;
let good: string;
beforeAll(async () => {
  world = await startWorld();
  good = token(world.keys.a, goodClaims(world.a.issuer, RESOURCE));
});
afterAll(async () => await world[Symbol.asyncDispose]());

const statusOf = async (text: string): Promise<number> => (await world.server.bearer(text)).status;

it("refuses a token with any one character changed, left out or put in", async () => {
  expect(await statusOf(good)).toBe(200);
  const edit = fc.record({
    at: fc.nat(good.length - 1),
    how: fc.constantFrom("change", "leave out", "put in"),
    character: fc.constantFrom(...OTHERS),
  });
  await fc.assert(
    fc.asyncProperty(edit, async ({ at, how, character }) => {
      const rest = how === "put in" ? good.slice(at) : good.slice(at + 1);
      const edited = good.slice(0, at) + (how === "leave out" ? "" : character) + rest;
      fc.pre(edited !== good);
      expect(await statusOf(edited)).not.toBe(200);
    }),
    { numRuns: 500 },
  );
});

it("refuses every other spelling of the same bytes: the last character of each part has bits to spare", async () => {
  const parts = good.split(".");
  for (const [at, part] of parts.entries()) {
    for (const last of ALPHABET) {
      const edited = parts.with(at, part.slice(0, -1) + last).join(".");
      if (edited !== good) expect(await statusOf(edited)).toBe(401);
    }
  }
});
