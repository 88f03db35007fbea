import { once } from "node:events";
import { readdirSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import {
  type ApiKeyEntry,
  type Authenticated,
  type AuthenticationFailure,
  createAuthenticator,
  createRevocations,
  isFailure,
} from "@hardened-mcp/auth";
import { expect, onTestFinished, test } from "vitest";
import { authConfig } from "../../../server/src/config/schema.ts";
import { cli } from "../support/cli.ts";
import { folder, scene } from "../support/stores.ts";

const CREATE = ["api-key", "create", "--subject", "nightly", "--scope", "notes:read", "--scope", "notes:write"];
const ALL = [...CREATE, "--role", "job", "--client", "cron", "--tenant", "acme", "--id", "ci", "--expires"];

/** Asks as a client does, over HTTP. */
async function ask(
  authenticator: ReturnType<typeof createAuthenticator>,
): Promise<(key: string) => Promise<Authenticated | AuthenticationFailure>> {
  let answer: Authenticated | AuthenticationFailure | undefined;
  const server = createServer(async (request, response) => {
    answer = await authenticator.authenticate(request, { scopes: [] });
    response.end();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  return async (key) => {
    await fetch(`http://127.0.0.1:${port}/`, { headers: { authorization: `Bearer ${key}` } });
    if (answer === undefined) throw new Error("Nobody answered.");
    return answer;
  };
}

test("prints the key, and an entry that servers take and that opens with the key", async () => {
  const { code, out, err } = await cli([...ALL, "2099-01-31T00:00:00+02:00"]);
  expect({ code, err }).toEqual({ code: 0, err: "" });
  const [key = ""] = out.split("\n");
  expect(key).toMatch(/^hmcp_ci_[\w-]{43}$/);
  const entry: ApiKeyEntry = JSON.parse(out.slice(out.indexOf("\n{")));
  expect(entry).toMatchObject({
    id: "ci",
    subject: "nightly",
    client: "cron",
    tenant: "acme",
    scopes: ["notes:read", "notes:write"],
    roles: ["job"],
    expiresAt: "2099-01-30T22:00:00.000Z",
  });
  const resource = "https://notes.example/mcp";
  expect(authConfig.parse({ resource, apiKeys: [entry] }).apiKeys).toEqual([entry]);

  const present = await ask(createAuthenticator({ resource, apiKeys: [entry] }));
  const answer = await present(key);
  expect(isFailure(answer) ? answer.reason : answer.principal).toMatchObject({ issuer: "key", subject: "nightly" });
  expect(isFailure(await present(`${key.slice(0, -1)}${key.endsWith("A") ? "B" : "A"}`))).toBe(true);
});

test("a key is revoked as the help says", async () => {
  const { flags, open } = await scene();
  const { key, entry } = JSON.parse((await cli([...CREATE, "--id", "ci", "--json"])).out);
  const revocations = createRevocations(await open());
  const present = await ask(
    createAuthenticator({ resource: "https://notes.example/mcp", apiKeys: [entry], revocations }),
  );
  expect(isFailure(await present(key))).toBe(false);
  await cli(["revocations", "add", ...flags, "--token", "ci", "--issuer", "key", "--why", "leaked"]);
  expect(isFailure(await present(key))).toBe(true);
});

test("the key is written nowhere but to standard output, and there once", async () => {
  const home = folder();
  const env = { HOME: home, TMPDIR: home, XDG_STATE_HOME: home, XDG_CACHE_HOME: home, XDG_CONFIG_HOME: home };
  for (const more of [[], ["--json"]]) {
    const { out, err } = await cli([...CREATE, ...more], { cwd: home, env });
    const [key = ""] = /hmcp_[\w-]+/.exec(out) ?? [];
    expect(key.length).toBeGreaterThan(48);
    expect(out.split(key.slice(-43))).toHaveLength(2);
    expect(err).toBe("");
  }
  expect(readdirSync(home, { recursive: true })).toEqual([]);
});

test("no two keys are the same", async () => {
  const [one, two] = await Promise.all([cli([...CREATE, "--json"]), cli([...CREATE, "--json"])]);
  expect(JSON.parse(one.out).entry.id).not.toBe(JSON.parse(two.out).entry.id);
  expect(JSON.parse(one.out).entry.hash).not.toBe(JSON.parse(two.out).entry.hash);
});

test.each([
  [["--scope", "a"], "--subject is needed"],
  [["--subject", "", "--scope", "a"], "--subject is needed"],
  [["--subject", "ci"], "--scope is needed"],
  [["--subject", "ci", "--scope", "a b"], "without spaces"],
  [["--subject", "ci", "--scope", ""], "without spaces"],
  [["--subject", "ci", "--scope", "a", "--role", ""], "--role is"],
  [["--subject", "ci", "--scope", "a", "--id", "a_b"], "letters, digits and hyphens"],
  [["--subject", "ci", "--scope", "a", "--expires", "2027-01-31"], "with its offset"],
  [["--subject", "ci", "--scope", "a", "--expires", "2099-02-31T00:00:00"], "with its offset"],
  [["--subject", "ci", "--scope", "a", "--expires", "2020-01-31T00:00:00Z"], "over already"],
  [["--subject", "ci", "--scope", "a", "--expire", "2099-01-31T00:00:00Z"], "did you mean --expires?"],
  [["--subject", "ci", "--scopes", "a"], "did you mean --scope?"],
  [["ci", "--subject", "ci", "--scope", "a"], "belongs to no flag"],
])("api-key create %j makes no key", async (args, message) => {
  const { code, out, err } = await cli(["api-key", "create", ...args]);
  expect(err).toContain(message);
  expect({ code, out }).toEqual({ code: 64, out: "" });
});
