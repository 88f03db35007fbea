import { expect, test } from "vitest";
import { SCOPES } from "../../src/options/choices.ts";
import type { Flags } from "../../src/options/flags.ts";
import type { Project } from "../../src/options/project.ts";
import { KINDS, planOf, projectOf } from "../support/project.ts";

const configOf = (flags: Flags, path = "server.config.json") =>
  JSON.parse(planOf(projectOf(flags) as Project).get(path) ?? "null");

test.each(KINDS)("with oauth, the scope that writes in %s is asked for when it is needed", (template) => {
  expect(configOf({ template, transport: "http", auth: "oauth" }).stepUp).toEqual([SCOPES[template].write]);
  expect(configOf({ template, transport: "http", auth: "jwt" })).not.toHaveProperty("stepUp");
});

test.each([
  ["127.0.0.1", undefined],
  ["localhost", undefined],
  ["::1", undefined],
  // The server knows the usual names of loopback alone.
  ["127.0.0.2", ["127.0.0.2:3000"]],
] as const)("bound to %s, the names that clients may use are %j, and nothing is encrypted", (host, names) => {
  const { http } = configOf({ transport: "http", host });
  expect([http.host, http.allowedHosts, http.tls]).toEqual([host, names, undefined]);
});

test("where others reach it, it is by the name that they have, with TLS", () => {
  const flags = { transport: "http", host: "0.0.0.0", publicUrl: "https://a.example:8443/mcp" } as const;
  const tls = { certFile: "secrets/tls.crt", keyFile: "secrets/tls.key" };
  for (const path of ["server.config.json", "deploy/server.config.json"]) {
    const { http, auth } = configOf(flags, path);
    expect([http.allowedHosts, http.tls, auth.resource]).toEqual([["a.example:8443"], tls, flags.publicUrl]);
  }
});

test("tokens are taken for the issuer that was named, with keys from where issuers have them", () => {
  const [issuer] = configOf({ transport: "http", auth: "jwt", issuer: "https://login.example.com/" }).auth.issuers;
  expect(issuer).toMatchObject({
    issuer: "https://login.example.com/",
    jwksUri: "https://login.example.com/.well-known/jwks.json",
    algorithms: ["RS256", "ES256"],
    claims: { roles: { claim: "roles", map: { writer: "writer" } } },
  });
});

test("state in a store is found by its secret file, and sealed", () => {
  const state = { urlFile: "secrets/state-url", keyFile: "secrets/state.key", namespace: "shop" };
  expect(configOf({ state: "redis" }).state).toEqual(state);
  expect(configOf({}).state).toEqual({ url: "sqlite:" });
});

test("the development server over HTTP only warns of tools that changed, as the one over stdio does", () => {
  const { scripts } = configOf({ transport: "both" }, "package.json");
  for (const name of ["dev", "dev:http"])
    expect(scripts[name]).toMatch(/^node --watch .*--dangerously-allow-tool-drift$/);
  expect(scripts["start:http"]).not.toContain("drift");
});
