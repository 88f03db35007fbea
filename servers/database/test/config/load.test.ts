import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { configJsonSchema } from "../../src/config/json-schema.ts";
import { loadConfig, shownConfig } from "../../src/config/load.ts";
import { testFolder } from "../support/folder.ts";

function load(content: unknown, words: readonly string[] = [], environment: NodeJS.ProcessEnv = {}) {
  using folder = testFolder("");
  return loadConfig({ sources: words, config: folder.write("c.json", content) }, environment);
}

const shop = { type: "sqlite", file: "/data/shop.db" };
const orders = { type: "postgres", url: "postgres://reader@db.example/orders" };

describe("the configuration", () => {
  it("has safe defaults", () => {
    const config = loadConfig({ sources: ["/a.db"] }, {});
    expect(config).toMatchObject({
      sources: { a: { type: "sqlite", file: "/a.db" } },
      freeSql: true,
      queries: {},
      allowWrite: false,
      markUntrusted: true,
      auditSql: "hash",
      redact: { secrets: true },
    });
    expect(config.http).toBeUndefined();
  });

  it("adds the command line and the environment to the sources of the file", () => {
    const { sources } = load({ sources: { shop } }, ["/b.db"], {
      HARDENED_MCP_DATABASE_URL: "postgres://reader:canary@db.example/orders",
    });
    expect(Object.keys(sources)).toEqual(["shop", "b", "database"]);
    // The value is no part of the configuration, so that nothing that shows it can show that.
    expect(sources["database"]).toMatchObject({ type: "postgres", urlVariable: "HARDENED_MCP_DATABASE_URL" });
    expect(JSON.stringify(sources)).not.toContain("canary");
  });

  it("does not let a word replace a source and its rules", () => {
    const rules = { tables: { orders: {} } };
    expect(() => load({ sources: { shop: { ...shop, rules } } }, ["/elsewhere/shop.db"])).toThrow(
      'two sources named "shop"',
    );
    expect(() => load({}, ["/a/shop.db", "/b/shop.db"])).toThrow('two sources named "shop"');
  });

  it("expands the home directory", () => {
    expect(load({ sources: { shop: { ...shop, file: "~/shop.db" } } }).sources["shop"]).toMatchObject({
      file: join(homedir(), "shop.db"),
    });
  });

  it("shows no host, no role and no name of a database", () => {
    const shown = JSON.stringify(shownConfig(load({ sources: { orders } })));
    expect(shown).not.toMatch(/db\.example|reader/);
    expect(shown).toContain("(masked)");
  });

  const queries = (query: object) => ({
    sources: { shop },
    queries: { by_name: { sql: "select ?1", description: "x", ...query } },
  });

  it.each<[unknown, string]>([
    [{ source: {} }, 'Unknown key "source". Did you mean "sources"?'],
    [{ sources: { shop: { ...shop, flie: "x" } } }, 'Did you mean "sources.shop.file"?'],
    [{ sources: { shop: { type: "sqlte", file: "x" } } }, "sources.shop.type"],
    [{ sources: { Shop: shop } }, "lower-case letters"],
    [{ sources: { shop: { ...shop, rules: { tabels: {} } } } }, 'Did you mean "sources.shop.rules.tables"?'],
    [
      { sources: { shop: { ...shop, rules: { tables: { orders: { dney: ["total"] } } } } } },
      'Did you mean "sources.shop.rules.tables.orders.deny"?',
    ],
    [
      { sources: { shop: { ...shop, rules: { tables: { orders: { mask: { total: "hsah" } } } } } } },
      "sources.shop.rules.tables.orders.mask.total",
    ],
    [{ sources: { shop: { ...shop, limits: { timeoutMS: 5 } } } }, 'Did you mean "sources.shop.limits.timeoutMs"?'],
    [{ sources: { orders: { type: "postgres" } } }, "one of url, urlFile and urlVariable"],
    [{ sources: { orders: { ...orders, urlFile: "x" } } }, "one of url, urlFile and urlVariable"],
    [{ sources: { orders: { ...orders, url: "postgres://reader:canary@h/d" } } }, "holds a password"],
    [{ sources: { orders: { ...orders, url: "mysql://h/d" } } }, "sources.orders.url"],
    [{ allowWrite: true }, "on the command line only: --allow-write"],
    [queries({ params: { limit: { type: "integer" } } }), "limit and cursor are arguments of every saved query"],
    [queries({ params: { x: { type: "txt" } } }), "queries.by_name.params.x.type"],
    [queries({ parms: {} }), 'Did you mean "queries.by_name.params"?'],
    [queries({ source: "shpo" }), 'Did you mean "shop"?'],
    [{ sources: { shop, orders }, queries: { q: { sql: "x", description: "x" } } }, 'needs a "source"'],
    [{ queries: { "drop table": { sql: "x", description: "x" } } }, "lower-case words"],
  ])("refuses %j", (content, message) => {
    expect(() => load(content)).toThrow(message);
    expect(() => load(content)).not.toThrow(/canary/);
  });

  it("refuses an unknown variable", () => {
    expect(() => load({}, [], { HARDENED_MCP_DATABSE_URL: "x" })).toThrow("Unknown environment variable");
    expect(() => load({}, [], { HARDENED_MCP_FREE_SQL: "maybe" })).toThrow("freeSql");
    expect(load({}, [], { HARDENED_MCP_FREE_SQL: "false" }).freeSql).toBe(false);
  });

  it("is published as a JSON Schema in which every key is described", () => {
    const published = readFileSync(new URL("../../config.schema.json", import.meta.url), "utf8");
    const schema = configJsonSchema();
    // Out of date? node dist/cli.js --print-config-schema > config.schema.json
    expect(JSON.parse(published)).toEqual(JSON.parse(JSON.stringify(schema)));
    expect(undescribed(schema)).toEqual([]);
  });
});

/** Paths of keys without a description, at every depth. */
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
