import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { checkPolicies } from "../src/cedar/analysis/check-policies.ts";
import { explainDecision } from "../src/cedar/analysis/explain-decision.ts";
import { loadPolicies } from "../src/cedar/load/load-policies.ts";

const folder = join(import.meta.dirname, "../examples");
const manifests = readdirSync(folder).filter((name) => name.endsWith(".manifest.json"));
const beside = [...manifests, "principals.json"].map((name) => join(folder, name));
const filesOf = (name: string) => ({ files: [join(folder, name), ...beside] });

const MONDAY_NOON = Date.UTC(2026, 0, 5, 12);
const hours = (count: number) => MONDAY_NOON + count * 3_600_000;
const shop = { source: "shop" };
const work = { path: "/work/a.txt" };
const page = (host: string) => ({ url: `https://${host}/today` });
const payment = (account: string, amount: number) => ({ body: { account, amount } });

/** Example, caller, server, tool, arguments, time, and what comes of it. */
const CASES: readonly (readonly [string, string, string, string, unknown, number, string])[] = [
  ["roles", "alice", "filesystem", "read_text_file", work, MONDAY_NOON, "allow analysts-read"],
  ["roles", "alice", "database", "add_note", { tenant: "acme", note: "x" }, MONDAY_NOON, "deny builtin/no-permit"],
  ["roles", "bob", "database", "add_note", { tenant: "acme", note: "x" }, MONDAY_NOON, "allow operators-write"],
  ["roles", "bob", "database", "execute", { ...shop, sql: "drop" }, MONDAY_NOON, "deny bound-tokens-destroy"],
  ["roles", "nightly", "database", "query", { ...shop, sql: "select 1" }, MONDAY_NOON, "deny builtin/no-permit"],
  ["time-windows", "alice", "filesystem", "read_text_file", work, MONDAY_NOON, "allow analysts-in-office-hours"],
  ["time-windows", "alice", "filesystem", "read_text_file", work, hours(5), "allow analysts-in-office-hours"],
  ["time-windows", "alice", "filesystem", "read_text_file", work, hours(6), "deny builtin/no-permit"],
  ["time-windows", "alice", "filesystem", "read_text_file", work, hours(5 * 24), "deny builtin/no-permit"],
  ["time-windows", "nightly", "database", "query", { ...shop, sql: "select 1" }, hours(10), "allow nightly-job"],
  ["time-windows", "nightly", "database", "query", { ...shop, sql: "select 1" }, hours(16), "allow nightly-job"],
  ["time-windows", "nightly", "database", "query", { ...shop, sql: "select 1" }, hours(17), "deny builtin/no-permit"],
  ["time-windows", "bob", "database", "list_tables", shop, MONDAY_NOON, "allow migration"],
  ["time-windows", "bob", "database", "list_tables", shop, hours(400 * 24), "deny builtin/no-permit"],
  ["tenants", "alice", "database", "add_note", { tenant: "acme", note: "x" }, MONDAY_NOON, "allow own-tenant"],
  ["tenants", "alice", "database", "add_note", { tenant: "globex", note: "x" }, MONDAY_NOON, "deny no-foreign-tenant"],
  ["tenants", "alice", "database", "query", { ...shop, sql: "select 1" }, MONDAY_NOON, "allow acme-reads"],
  ["tenants", "bob", "database", "query", { ...shop, sql: "select 1" }, MONDAY_NOON, "deny builtin/no-permit"],
  ["arguments", "alice", "filesystem", "read_text_file", work, MONDAY_NOON, "allow analysts-work-folder"],
  [
    "arguments",
    "alice",
    "filesystem",
    "read_text_file",
    { path: "/work/../etc/passwd" },
    MONDAY_NOON,
    "deny no-parent-folders",
  ],
  [
    "arguments",
    "alice",
    "filesystem",
    "read_text_file",
    { path: "/workshop/a" },
    MONDAY_NOON,
    "deny builtin/no-permit",
  ],
  [
    "arguments",
    "alice",
    "filesystem",
    "read_multiple_files",
    { paths: ["/work/a"] },
    MONDAY_NOON,
    "deny no-lists-of-paths",
  ],
  ["arguments", "alice", "database", "sample_rows", { ...shop, table: "orders" }, MONDAY_NOON, "allow analysts-tables"],
  [
    "arguments",
    "alice",
    "database",
    "sample_rows",
    { ...shop, table: "salaries" },
    MONDAY_NOON,
    "deny builtin/no-permit",
  ],
  ["arguments", "alice", "http-api", "get_account", { account: "rent" }, MONDAY_NOON, "allow known-accounts"],
  ["arguments", "alice", "http-api", "get_account", { account: "rental" }, MONDAY_NOON, "deny builtin/no-permit"],
  ["arguments", "alice", "http-api", "fetch_url", page("status.example.com"), MONDAY_NOON, "allow status-pages"],
  [
    "arguments",
    "alice",
    "http-api",
    "fetch_url",
    page("status.example.com.evil.test"),
    MONDAY_NOON,
    "deny builtin/no-permit",
  ],
  [
    "arguments",
    "alice",
    "http-api",
    "fetch_url",
    { url: "https://status.example.com/../admin" },
    MONDAY_NOON,
    "deny no-climbing-pages",
  ],
  ["arguments", "bob", "http-api", "pay", payment("supplies", 100), MONDAY_NOON, "allow small-payments"],
  ["arguments", "bob", "http-api", "pay", payment("supplies", 101), MONDAY_NOON, "deny builtin/no-permit"],
  ["arguments", "bob", "http-api", "pay", payment("rent", 1), MONDAY_NOON, "deny builtin/no-permit"],
  ["two-servers", "bob", "filesystem", "read_text_file", work, MONDAY_NOON, "allow operators-read-everything"],
  ["two-servers", "bob", "database", "list_tables", shop, MONDAY_NOON, "allow operators-read-everything"],
  ["two-servers", "alice", "filesystem", "read_text_file", work, MONDAY_NOON, "allow analysts-read-files"],
  ["two-servers", "alice", "database", "query", { ...shop, sql: "select 1" }, MONDAY_NOON, "deny builtin/no-permit"],
  ["two-servers", "alice", "database", "list_tables", shop, MONDAY_NOON, "allow analysts-list-tables"],
  ["two-servers", "bob", "database", "add_note", { tenant: "x", note: "x" }, MONDAY_NOON, "approve operators-add-note"],
];

describe("the examples", () => {
  it.each(CASES)("%s: %s on %s %s with %j at %d is: %s", (example, as, server, name, args, now, expected) => {
    const policies = loadPolicies(filesOf(`${example}.cedar`), { manifests: [] });
    const { decision } = explainDecision({ policies, server, as, name, args, now });
    expect(`${decision.effect} ${decision.rule}`).toBe(expected);
  });

  it("are all tried", () => {
    const all = readdirSync(folder).filter((name) => name.endsWith(".cedar"));
    expect(new Set(CASES.map(([example]) => `${example}.cedar`))).toEqual(new Set(all));
  });

  it("can be copied into a folder of one's own, and give a reviewer nothing to object to", () => {
    for (const name of readdirSync(folder).filter((one) => one.endsWith(".cedar"))) {
      expect(
        checkPolicies(filesOf(name), { manifests: [] }).filter(({ code }) => !code.startsWith("writable")),
      ).toEqual([]);
    }
  });
});
