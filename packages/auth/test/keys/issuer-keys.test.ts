import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createAuthenticator, type Trouble } from "../../src/index.ts";
import { goodClaims, newKey, type SigningKey, token } from "../support/forge.ts";
import { json } from "../support/identity-provider.ts";
import { startResourceServer } from "../support/resource-server.ts";
import { passSeconds, stopClocks } from "../support/time.ts";
import { RESOURCE, startWorld, type World } from "../support/world.ts";

let world: World;
let troubles: Trouble[];
beforeEach(async () => {
  stopClocks();
  troubles = [];
  world = await startWorld({ onTrouble: (trouble) => troubles.push(trouble) });
});
afterEach(async () => await world[Symbol.asyncDispose]());

const by = (key: SigningKey): string => token(key, goodClaims(world.a.issuer, RESOURCE));
const send = async (key: SigningKey) => await world.server.bearer(by(key));
const away = () => world.a.routes.set("/jwks", (_, response) => response.writeHead(500).end());

describe("an issuer's keys", () => {
  it("are fetched once, and not before the first token", async () => {
    expect(world.a.asked).toEqual([]);
    await send(world.keys.a);
    await send(world.keys.a);
    expect(world.a.asked).toEqual(["/.well-known/oauth-authorization-server", "/jwks"]);
  });

  it("are fetched once for a flood of 300 key ids that do not exist, and once more in the next cool-down", async () => {
    const flood = () => Promise.all(Array.from({ length: 300 }, (_, at) => send({ ...world.keys.a, kid: `x-${at}` })));
    const answers = await flood();
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]));
    expect(world.a.jwksFetches()).toBe(1);
    passSeconds(31);
    await flood();
    expect(world.a.jwksFetches()).toBe(2);
  });

  it("are fetched once for 50 good tokens at the same time", async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => send(world.keys.a)));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    expect(world.a.jwksFetches()).toBe(1);
  });

  it("are fetched again for a key that the issuer has just begun to use", async () => {
    await send(world.keys.a);
    const next = newKey("ES256", "a-2");
    world.a.keys = [...world.a.keys, next];
    expect(await send(next)).toMatchObject({ status: 401, reason: "unknown-key" });
    passSeconds(31);
    expect(await send(next)).toMatchObject({ status: 200 });
  });

  it("that were withdrawn are not used for longer than ten minutes", async () => {
    await send(world.keys.a);
    world.a.keys = [world.keys.aRsa];
    passSeconds(599);
    expect(await send(world.keys.a)).toMatchObject({ status: 200 });
    passSeconds(2);
    expect(await send(world.keys.a)).toMatchObject({ status: 401, reason: "unknown-key" });
  });

  it("are used for an hour while the issuer is away, then nobody is let in", async () => {
    await send(world.keys.a);
    away();
    passSeconds(3_590);
    expect(await send(world.keys.a)).toMatchObject({ status: 200 });
    passSeconds(11);
    expect(await send(world.keys.a)).toMatchObject({ status: 503, reason: "keys-away", challenges: [] });
    expect(troubles.at(-1)).toEqual({ issuer: world.a.issuer, what: "keys", code: "answer" });
  });

  it("are asked for again after five seconds where there are none, and not sooner", async () => {
    away();
    expect(await send(world.keys.a)).toMatchObject({ status: 503, reason: "keys-away" });
    world.a.routes.clear();
    expect(await send(world.keys.a)).toMatchObject({ status: 503 });
    passSeconds(5);
    expect(await send(world.keys.a)).toMatchObject({ status: 200 });
  });

  it("leave the tokens of another issuer alone while they cannot be had", async () => {
    away();
    await send(world.keys.a);
    const other = token(world.keys.b, goodClaims(world.b.issuer, RESOURCE));
    expect(await world.server.bearer(other)).toMatchObject({ status: 200 });
  });

  it.each([
    [
      "a redirect",
      (response: import("node:http").ServerResponse) => response.writeHead(302, { location: "/other" }).end(),
      "redirect",
    ],
    [
      "more than 256 KiB",
      (response: import("node:http").ServerResponse) =>
        response.writeHead(200).end(`{"keys":[]${" ".repeat(256 * 1024)}}`),
      "too-large",
    ],
    [
      "something else",
      (response: import("node:http").ServerResponse) => response.writeHead(200).end("<html>"),
      "answer",
    ],
    ["no keys", (response: import("node:http").ServerResponse) => response.writeHead(200).end('{"keys":1}'), "answer"],
    ["a broken connection", (response: import("node:http").ServerResponse) => response.destroy(), "failed"],
  ])("are not had where the answer is %s", async (_, answer, code) => {
    world.a.routes.set("/jwks", (_request, response) => answer(response));
    expect(await send(world.keys.a)).toMatchObject({ status: 503, reason: "keys-away" });
    expect(troubles).toEqual([{ issuer: world.a.issuer, what: "keys", code }]);
    expect(world.a.asked).not.toContain("/other");
  });

  it("that come twice under one key id are no key", async () => {
    world.a.keys = [world.keys.a, newKey("ES256", "a-1")];
    expect(await send(world.keys.a)).toMatchObject({ status: 401, reason: "unknown-key" });
  });

  it("are no secrets: a symmetric key that an issuer publishes verifies nothing, and a private one neither", async () => {
    const exported = world.keys.a.privateKey.export({ format: "jwk" });
    world.a.routes.set(
      "/jwks",
      json({
        keys: [
          { kty: "oct", k: "AAAA", kid: "a-1" },
          { ...exported, kid: "a-1" },
        ],
      }),
    );
    expect(await send(world.keys.a)).toMatchObject({ status: 401, reason: "unknown-key" });
  });

  it("are taken from jwksUri where it is given, without discovery", async () => {
    const authenticator = createAuthenticator({
      resource: RESOURCE,
      issuers: [{ issuer: world.a.issuer, jwksUri: `${world.a.issuer}/jwks`, ca: world.ca, privateAddresses: "allow" }],
    });
    await using server = await startResourceServer(authenticator);
    expect(await server.bearer(by(world.keys.a))).toMatchObject({ status: 200 });
    expect(world.a.asked).toEqual(["/jwks"]);
  });
});
