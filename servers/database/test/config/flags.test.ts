import { describe, expect, it } from "vitest";
import { parseFlags } from "../../src/config/flags.ts";
import { sourceOfWord } from "../../src/config/named-word.ts";

describe("the command line", () => {
  it.each([
    [["a.db", "b.db"], { sources: ["a.db", "b.db"] }],
    [["--allow-write", "a.db"], { allowWrite: true, sources: ["a.db"] }],
    [["--print-role-sql", "orders"], { printRoleSql: "orders", sources: [] }],
    [["--print-role-sql", "postgres://r@h/d"], { printRoleSql: true, sources: ["postgres://r@h/d"] }],
    [["--http", "8080", "a.db"], { http: "8080", sources: ["a.db"] }],
  ])("reads %j", (argv, flags) => expect(parseFlags(argv)).toEqual(flags));

  it.each([
    [["--alow-write"], "Did you mean --allow-write?"],
    [["--readonly"], "Unknown flag --readonly"],
    [["--allow-write=1"], "takes no value"],
  ])("refuses %j", (argv, message) => expect(() => parseFlags(argv)).toThrow(message));
});

describe("a source on the command line", () => {
  it.each([
    ["/data/My Shop.2026.db", "my_shop_2026", { type: "sqlite", file: "/data/My Shop.2026.db" }],
    ["shop", "shop", { type: "sqlite", file: "shop" }],
    ["42.db", "database", { type: "sqlite", file: "42.db" }],
    ["postgres://reader@db.example/Orders", "orders", { type: "postgres", url: "postgres://reader@db.example/Orders" }],
    ["postgresql://reader@db.example/", "database", { type: "postgres", url: "postgresql://reader@db.example/" }],
  ])("%s is %s", (word, name, config) => expect(sourceOfWord(word)).toEqual({ name, config }));

  it.each([
    ["a password", "postgres://reader:canary@db.example/orders"],
    ["a password in the query", "postgres://reader@db.example/orders?password=canary"],
    ["another database", "mysql://reader:canary@db.example/orders"],
    ["no URL", "postgres://["],
  ])("is refused with %s, and not repeated", (_, word) => {
    expect(() => sourceOfWord(word)).toThrow(/password|SQLite file/);
    expect(() => sourceOfWord(word)).not.toThrow(/canary/);
  });
});
