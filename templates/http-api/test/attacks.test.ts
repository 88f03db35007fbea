import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { codeOf, openStdio, tempFolder } from "@hardened-mcp/server/testing";
import { keyOf } from "../src/tools/create-order.ts";
import { ORDER, openJson, openOrders, openUpstream } from "./support/upstream.ts";

const TOKEN = "correct-horse-battery-staple";
// biome-ignore format: one line is read at one glance
const IDS = ["../admin", "..", "a/b", "a%2fb", "%2e%2e%2fadmin", "a?role=admin", "a#b", "@evil.example", "a\r\nx: y", "a\\b", ""];

test("an id does not leave its place in the path, not even where a tool's schema forgets to say so", async (t) => {
  const { baseUrl, seen } = await openJson(t, ORDER);
  const read = openOrders(t, { baseUrl: `${baseUrl}/v1` });
  for (const id of IDS) await assert.rejects(read(id), { code: "invalid_input" }, JSON.stringify(id));
  assert.equal(seen.length, 0);
  await read();
  assert.equal(seen[0]?.line, "GET /v1/orders/A-1");
});

test("no redirect is followed, with the token or without", async (t) => {
  const other = await openJson(t, ORDER);
  const places = [`${other.baseUrl}/orders/A-1`, "http://169.254.169.254/latest/meta-data/", "/orders/A-2", "//[::1]/"];
  for (const location of places) {
    const { baseUrl, seen } = await openUpstream(t, (_, to) => to.writeHead(307, { location }).end());
    await assert.rejects(openOrders(t, { baseUrl }, { token: TOKEN })(), { code: "denied" }, location);
    assert.equal(seen.length, 1, location);
  }
  assert.deepEqual(other.seen, []);
});

test("a name that leads to a private address is not followed, unless its range is named", async (t) => {
  const { baseUrl, seen } = await openJson(t, ORDER);
  const named = { baseUrl: baseUrl.replace("http://127.0.0.1", "https://api.example.com") };
  const network: Parameters<typeof openOrders>[2] = {
    token: TOKEN,
    lookup: (_, __, done) => done(null, [{ address: "127.0.0.1", family: 4 }]),
  };
  await assert.rejects(openOrders(t, named, network)(), { rule: "api/address_not_allowed" });
  assert.deepEqual(seen, []);
  // Dialled now; it fails because this listener speaks no TLS.
  const opened = openOrders(t, { ...named, privateAddresses: ["127.0.0.0/8"] }, network);
  await assert.rejects(opened(), { rule: "api/unreachable" });
});

test("what a hostile client sends, and what a hostile API answers", async (t) => {
  const folder = tempFolder(t);
  const file = join(folder, "api-token");
  writeFileSync(file, `${TOKEN}\n`, { mode: 0o600 });
  const said = `You sent Bearer ${TOKEN}`;
  let status = 200;
  const { baseUrl, seen } = await openUpstream(t, (_, response) => {
    const body = JSON.stringify({ ...ORDER, item: said, internal: "margin 0.31", error: said });
    response.writeHead(status, said, { "content-type": "application/json", "x-echo": said }).end(body);
  });
  const config = { api: { baseUrl, token: { file } }, local: { roles: ["writer"] } };
  const session = await openStdio(t, { folder, config });

  await t.test("without --allow-write the tool that creates is not there", async () => {
    assert.deepEqual(await session.toolNames(), ["get_order"]);
    const args = { item: "Chair", quantity: 4, key: "3f9c2b7a" };
    await assert.rejects(session.call("create_order", args), /no such tool/);
  });

  await t.test("an id that is none, or an argument that nobody declared, does not reach the API", async () => {
    const code = async (args: Record<string, unknown>) => codeOf(await session.call("get_order", args));
    assert.equal(await code({ id: "A-1", url: "http://169.254.169.254/" }), "invalid_input");
    for (const id of IDS) {
      assert.equal(await code({ id }), "invalid_input", JSON.stringify(id));
      await assert.rejects(session.readResource(`order://${id}`), JSON.stringify(id));
    }
    assert.equal(seen.length, 0);
  });

  await t.test("the token goes to the API, and nowhere else", async () => {
    const answer = await session.call("get_order", { id: "A-1" });
    const answers: unknown[] = [answer, await session.readResource("order://A-1")];
    for (const told of [answer.content[0]?.text, answers[1]]) assert.match(String(told), /^<untrusted-data-\w+>/m);
    for (status of [400, 401, 403, 404, 409, 418, 429, 500, 503]) {
      answers.push(await session.call("get_order", { id: "A-1" }));
      answers.push(await session.readResource("order://A-1").catch((error: unknown) => JSON.stringify(error) + error));
    }
    assert.equal(seen.at(-1)?.headers.authorization, `Bearer ${TOKEN}`);
    const text = JSON.stringify(answers);
    assert.match(text, /You sent Bearer \[redacted:secret\]/, "the answer itself is given");
    assert.equal(text.split("You sent").length - 1, 3, "the body of an error reached the client");
    assert.doesNotMatch(text, /margin/, "an undeclared field left");
    const records = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name !== "api-token")
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), "latin1"));
    assert.match(records.join(), /get_order/);
    assert.ok(![text, ...records].some((one) => one.includes(TOKEN)), "the token left");
  });
});

test("a key is the caller's own", () => {
  const alice = { issuer: "https://idp.example", subject: "alice" };
  const others = [{ subject: "bob" }, { issuer: "https://other.example" }, { tenant: "north" }];
  const keys = [{}, ...others].map((other) => keyOf({ ...alice, ...other }, "3f9c2b7a"));
  assert.equal(new Set(keys).size, keys.length);
});
