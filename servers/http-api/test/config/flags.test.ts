import { describe, expect, it } from "vitest";
import { parseFlags } from "../../src/config/flags.ts";

describe("the command line", () => {
  it.each([
    [["--spec", "a.yaml"], { spec: "a.yaml" }],
    [
      ["--spec=a.yaml", "--base-url", "https://api.example.com/v1"],
      { spec: "a.yaml", baseUrl: "https://api.example.com/v1" },
    ],
    [["--config", "c.json", "--allow-write"], { config: "c.json", allowWrite: true }],
    [["--http", "8080", "--spec", "a"], { http: "8080", spec: "a" }],
    [["--print-operations", "--json"], { printOperations: true, json: true }],
  ])("reads %j", (argv, flags) => expect(parseFlags(argv)).toEqual(flags));

  it.each([
    [["--alow-write"], "Did you mean --allow-write?"],
    [["--base-uri", "x"], "Did you mean --base-url?"],
    [["--spec"], "--spec needs a value"],
    [["--spec", "--allow-write"], "--spec needs a value"],
    [["--spec", "a", "--spec", "b"], "given twice"],
    [["openapi.yaml"], "--spec FILE"],
    [["--json"], "--print-operations"],
  ])("refuses %j", (argv, message) => expect(() => parseFlags(argv)).toThrow(message));
});
