import { describe, expect, it } from "vitest";
import { hostRuleOf, SafeFetchOptionError } from "../src/index.ts";
import { compileRules } from "../src/rules/compile-rules.ts";

const allows = (rule: string, url: string): boolean => compileRules([hostRuleOf(rule)])(new URL(url)) !== undefined;

describe("the rule of a URL", () => {
  it.each([
    ["https://api.example.com/v1", "https://api.example.com/other"],
    ["https://api.example.com:443/v1", "https://api.example.com/"],
    ["https://api.example.com:8443/v1?a=b", "https://api.example.com:8443/"],
    ["http://127.0.0.1:4010", "http://127.0.0.1:4010/orders"],
    ["http://[::1]/", "http://[::1]:80/"],
  ])("%s opens %s", (rule, url) => expect(allows(rule, url)).toBe(true));

  it.each([
    ["https://api.example.com/v1", "http://api.example.com/v1"],
    ["https://api.example.com/v1", "https://api.example.com:8443/v1"],
    ["https://api.example.com/v1", "https://x.api.example.com/v1"],
    ["http://127.0.0.1:4010", "http://127.0.0.1/"],
    ["http://127.0.0.1:4010", "http://127.0.0.2:4010/"],
  ])("%s does not open %s", (rule, url) => expect(allows(rule, url)).toBe(false));

  it("opens private addresses where it is told to, and not otherwise", () => {
    expect(hostRuleOf("https://api.internal", ["10.0.0.0/8"])).toMatchObject({ privateAddresses: ["10.0.0.0/8"] });
    expect(hostRuleOf("https://api.internal")).not.toHaveProperty("privateAddresses");
  });

  it.each([
    "api.example.com",
    "",
    "ftp://api.example.com",
    "file:///etc",
    "https://a:b@api.example.com",
    "https://a@b.test",
  ])("refuses %j", (url) => expect(() => hostRuleOf(url)).toThrow(SafeFetchOptionError));
});
