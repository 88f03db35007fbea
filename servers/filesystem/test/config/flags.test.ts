import { describe, expect, it } from "vitest";
import { parseFlags } from "../../src/config/flags.ts";

describe("the command line", () => {
  it("takes directories as the official server does", () => {
    expect(parseFlags(["/a", "/b"])).toEqual({ roots: ["/a", "/b"] });
    expect(parseFlags(["--", "--odd"])).toEqual({ roots: ["--odd"] });
  });

  it.each([
    [["--http", "/a"], { http: true, roots: ["/a"] }],
    [["--http", "8080", "/a"], { http: "8080", roots: ["/a"] }],
    [["--http", "localhost:8080", "/a"], { http: "localhost:8080", roots: ["/a"] }],
    [["--http=[::1]:80", "/a"], { http: "[::1]:80", roots: ["/a"] }],
    [["--config", "c.json"], { config: "c.json", roots: [] }],
    [["--dangerously-allow-broad-root", "/"], { dangerouslyAllowBroadRoot: true, roots: ["/"] }],
  ])("reads %j", (argv, flags) => expect(parseFlags(argv)).toEqual(flags));

  it.each([
    [["--audit-dri", "x"], "Did you mean --audit-dir?"],
    [["--read-only"], "Unknown flag --read-only"],
    [["--config"], "--config needs a value"],
    [["--config", "--http"], "--config needs a value"],
    [["--help=1"], "--help takes no value"],
    [["--http", "--http"], "given twice"],
    [["--toString"], "Unknown flag"],
  ])("refuses %j", (argv, message) => expect(() => parseFlags(argv)).toThrow(message));
});
