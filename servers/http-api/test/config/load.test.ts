import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { configJsonSchema } from "../../src/config/json-schema.ts";
import { loadConfig } from "../../src/config/load.ts";
import { shownConfig } from "../../src/config/shown.ts";
import { testFolder } from "../support/folder.ts";

function load(content: unknown, flags: object = {}, environment: NodeJS.ProcessEnv = {}) {
  using folder = testFolder();
  return loadConfig({ ...flags, config: folder.write("c.json", content) }, environment);
}

const BASE = "https://api.example.com/v1";
const token = { file: "/secrets/token" };
const bearer = { type: "bearer", token } as const;
const shop = { spec: "/docs/shop.yaml", baseUrl: BASE };
/** One API with these keys. */
const api = (keys: object) => ({ apis: { shop: { ...shop, ...keys } } });
const clientCredentials = (keys: object) => ({
  credential: {
    type: "client_credentials",
    tokenUrl: "https://login.example.com/token",
    clientId: "id",
    clientSecret: token,
    ...keys,
  },
});

describe("the configuration", () => {
  it("has safe defaults", () => {
    const config = loadConfig({ spec: "/a.yaml" }, {});
    expect(config).toMatchObject({
      apis: {
        api: {
          spec: "/a.yaml",
          operations: { write: [], set: {} },
          headers: {},
          upstream: { redirects: "refuse", retries: 2, deadlineMs: 25_000, maxResponseBytes: 1_048_576 },
          response: { onMismatch: "mark", undeclared: "drop", errorBodies: false },
        },
      },
      allowWrite: false,
      markUntrusted: true,
      auditArguments: "hash",
      redact: { secrets: true },
    });
    expect(config.fetchUrl).toBeUndefined();
    expect(config.http).toBeUndefined();
  });

  it("takes --spec and --base-url for keys of the API named api, and leaves the rest to the file", () => {
    const file = { apis: { api: { credential: bearer, baseUrl: "https://old.example.com" }, shop } };
    const { apis } = load(file, { spec: "/b.yaml", baseUrl: BASE });
    expect(Object.keys(apis)).toEqual(["api", "shop"]);
    expect(apis["api"]).toMatchObject({ spec: "/b.yaml", baseUrl: BASE, credential: bearer });
  });

  it("takes them from the environment, too, and lets a flag win", () => {
    const environment = { HARDENED_MCP_SPEC: "/env.yaml", HARDENED_MCP_BASE_URL: BASE };
    expect(load({}, {}, environment).apis["api"]).toMatchObject({ spec: "/env.yaml", baseUrl: BASE });
    expect(load({}, { spec: "/flag.yaml" }, environment).apis["api"]).toMatchObject({ spec: "/flag.yaml" });
  });

  it("expands the home directory", () => {
    const { apis } = load(api({ spec: "~/shop.yaml", uploads: { roots: ["~/outbox"] } }));
    expect(apis["shop"]).toMatchObject({
      spec: join(homedir(), "shop.yaml"),
      uploads: { roots: [join(homedir(), "outbox")] },
    });
  });

  it("does not lose what an API says of answers where one operation says something else", () => {
    const mask = [{ field: "email", as: "null" }];
    const set = { getUser: { response: { headers: ["etag"] } } };
    const { apis } = load(api({ response: { mask }, operations: { set } }));
    expect(apis["shop"]?.operations.set["getUser"]?.response).toEqual({ headers: ["etag"] });
  });

  it("shows no value of a header, and no argument of a command", () => {
    const command = ["vault", "read", "canary-path"];
    const shown = shownConfig(
      load(api({ headers: { "X-Team": "canary-team" }, credential: { ...bearer, token: { command } } })),
    );
    expect(JSON.stringify(shown)).not.toContain("canary");
    expect(shown.apis["shop"]).toMatchObject({
      headers: { "X-Team": "(masked)" },
      credential: { type: "bearer", token: { command: ["vault", "(masked)", "(masked)"] } },
    });
  });

  it("is shown without what stands in the query of a token endpoint", () => {
    const tokenUrl = "https://login.example.com/token?client_secret=canary";
    const shown = shownConfig(load(api(clientCredentials({ tokenUrl }))));
    expect(shown.apis["shop"]?.credential).toMatchObject({ tokenUrl: "https://login.example.com/token?(masked)" });
    expect(JSON.stringify(shown)).not.toContain("canary");
  });

  it.each<[unknown, string]>([
    [{ api: {} }, 'Unknown key "api". Did you mean "apis"?'],
    [{ apis: { shop: {} } }, "apis.shop has neither a document (apis.shop.spec) nor operations of its own"],
    [{ apis: { api: {} } }, "apis.api.spec, or --spec"],
    [{ apis: { Shop: shop } }, "lower-case letters"],
    [api({ spce: "x" }), 'Did you mean "apis.shop.spec"?'],
    [api({ operations: { wirte: [] } }), 'Did you mean "apis.shop.operations.write"?'],
    [{ apis: { shop: { tools: { ping: { path: "/ping", description: "Pings." } } } } }, "apis.shop.baseUrl is missing"],
    [api({ baseUrl: "https://canary:canary@api.example.com" }), "apis.shop.baseUrl holds a user name or a password"],
    [api({ baseUrl: "https://canary@api.example.com" }), "apis.shop.baseUrl holds a user name or a password"],
    [api({ baseUrl: `${BASE}?key=canary` }), "apis.shop.baseUrl must end with its path"],
    [api({ baseUrl: `${BASE}#canary` }), "apis.shop.baseUrl must end with its path"],
    [api({ baseUrl: `${BASE}?` }), "apis.shop.baseUrl must end with its path"],
    [api({ baseUrl: "ftp://api.example.com" }), "apis.shop.baseUrl"],
    [api({ baseUrl: "http://api.example.com", credential: bearer }), "sent in the clear"],
    [api({ baseUrl: "http://93.184.216.34", credential: bearer }), "sent in the clear"],
    [api({ baseUrl: "http://localhost.example.com", credential: bearer }), "sent in the clear"],
    // Azure's wire server and metadata services are no address of one's own.
    [api({ baseUrl: "http://169.254.169.254", credential: bearer }), "sent in the clear"],
    [api(clientCredentials({ tokenUrl: "http://login.example.com/token" })), "credential.tokenUrl is http"],
    [api(clientCredentials({ tokenUrl: "https://canary:canary@login.example.com" })), "credential.tokenUrl holds"],
    [api({ headers: { Authorization: "canary" } }), "apis.shop.headers.Authorization looks like a secret"],
    [api({ headers: { "x-api-key": "canary" } }), "looks like a secret"],
    [api({ headers: { "X-Auth-Token": "canary" } }), "looks like a secret"],
    [api({ headers: { Cookie: "canary" } }), "looks like a secret"],
    [api({ headers: { apikey: "canary" } }), "looks like a secret"],
    [api({ headers: { "X-AccessToken": "canary" } }), "looks like a secret"],
    [api({ headers: { "X-Client-ClientSecret": "canary" } }), "looks like a secret"],
    [
      api({ headers: { "X-Shop": "canary" }, credential: { type: "api_key", name: "x-shop", key: token } }),
      "looks like a secret",
    ],
    [api({ headers: { Host: "evil.example" } }), "apis.shop.headers.Host belongs to the connection"],
    [api({ headers: { "Transfer-Encoding": "chunked" } }), "belongs to the connection"],
    [api({ headers: { "X-A": "1", "x-a": "2" } }), "in another spelling"],
    [api({ headers: { "X-A": "1\r\nX-B: canary" } }), "not printable ASCII"],
    [api({ headers: { "X-A": "\u00e9" } }), "not printable ASCII"],
    [api({ headers: { "X-A:": "1" } }), "a header name"],
    [api({ credential: { type: "api_key", name: "Host", key: token } }), "no key can be sent as host"],
    [api({ credential: { type: "basic", username: "a:b", password: token } }), "holds a colon"],
    [api({ credential: { type: "bearer", token: "canary" } }), "apis.shop.credential.token"],
    [api({ operations: { set: { getUser: { deadlineMs: 60_000 } } } }), 'operations.set["getUser"].deadlineMs'],
    [
      api({ tools: { ping: { path: "/ping", description: "Pings.", deadlineMs: 60_000 } } }),
      "apis.shop.tools.ping.deadlineMs is longer than limits.deadlineMs (30000)",
    ],
    [{ egressProxy: { url: "http://canary:canary@10.0.0.1:4750" } }, "egressProxy.url holds a user name"],
    [{ egressProxy: { url: "http://10.0.0.1:4750/canary" } }, "nothing after it"],
    [{ egressProxy: { url: "socks5://10.0.0.1:4750" } }, "egressProxy.url"],
    [{ fetchUrl: { allow: [] } }, "fetchUrl.allow"],
    [{ allowWrite: true }, "on the command line only: --allow-write"],
  ])("refuses %j", (content, message) => {
    expect(() => load(content)).toThrow(message);
    expect(() => load(content)).not.toThrow(/canary/);
  });

  it.each([
    ["https", { baseUrl: BASE, credential: bearer }],
    ["this machine", { baseUrl: "http://localhost:8080", credential: bearer }],
    ["this machine, by address", { baseUrl: "http://127.0.0.1:8080", credential: bearer }],
    ["this machine, by address of IPv6", { baseUrl: "http://[::1]:8080", credential: bearer }],
    ["an address of a private network", { baseUrl: "http://10.1.2.3", credential: bearer }],
    [
      "a name that may lead to one",
      { baseUrl: "http://billing", privateAddresses: ["10.0.0.0/8"], credential: bearer },
    ],
    ["http, without a credential", { baseUrl: "http://api.example.com" }],
    [
      "headers that are no secret",
      { headers: { "X-Api-Version": "3", "Accept-Language": "en", "X-Keyboard": "qwerty" } },
    ],
    ["a key in the Authorization header", { credential: { type: "api_key", name: "Authorization", key: token } }],
    ["a longer deadline, where calls may take it", { operations: { set: { getUser: { deadlineMs: 20_000 } } } }],
  ])("takes %s", (_, keys) => {
    expect(load(api(keys)).apis["shop"]).toMatchObject({ spec: shop.spec });
  });

  it("refuses an unknown variable", () => {
    expect(() => load({}, {}, { HARDENED_MCP_BASE_URI: "x" })).toThrow("Did you mean HARDENED_MCP_BASE_URL?");
    expect(() => load(api({}), {}, { HARDENED_MCP_AUDIT_ARGUMENTS: "all" })).toThrow("auditArguments");
    expect(load(api({}), {}, { HARDENED_MCP_AUDIT_ARGUMENTS: "plain" }).auditArguments).toBe("plain");
  });

  it("is published as a JSON Schema in which every key is described", () => {
    const published = readFileSync(new URL("../../config.schema.json", import.meta.url), "utf8");
    const schema = configJsonSchema();
    // Out of date? node dist/cli.js --print-config-schema > config.schema.json
    expect(JSON.parse(published)).toEqual(JSON.parse(JSON.stringify(schema)));
    expect(undescribed(schema)).toEqual([]);
  });
});
function undescribed(schema: unknown, at = ""): readonly string[] {
  if (typeof schema !== "object" || schema === null) return [];
  const {
    properties = {},
    additionalProperties,
    items,
    anyOf = [],
    oneOf = [],
  } = schema as {
    properties?: Record<string, { description?: string }>;
    additionalProperties?: unknown;
    items?: unknown;
    anyOf?: unknown[];
    oneOf?: unknown[];
  };
  // A key of these sections belongs to @hardened-mcp/server, which describes what is not plain from its name.
  if (/^\.(?:auth|state|audit)\./.test(at)) return [];
  return [
    ...Object.entries(properties).flatMap(([key, value]) => [
      ...(value.description === undefined && key !== "$schema" ? [`${at}.${key}`] : []),
      ...undescribed(value, `${at}.${key}`),
    ]),
    ...[additionalProperties, items, ...anyOf, ...oneOf].flatMap((part) => undescribed(part, `${at}.*`)),
  ];
}
