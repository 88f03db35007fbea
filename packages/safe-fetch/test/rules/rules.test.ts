import { describe, expect, it } from "vitest";
import { parseAddress } from "../../src/address/parsed-address.ts";
import type { HostRule, PrivateAddresses } from "../../src/host-rule.ts";
import { createSafeFetch, SafeFetchOptionError } from "../../src/index.ts";
import { compileRules } from "../../src/rules/compile-rules.ts";

const allows = (rules: readonly HostRule[], url: string): boolean => compileRules(rules)(new URL(url)) !== undefined;

describe("a rule allows", () => {
  it.each<[HostRule, readonly string[], readonly string[]]>([
    [
      { host: "api.example.com" },
      ["https://api.example.com/x", "https://API.example.com:443/"],
      [
        ...["http://api.example.com/", "https://api.example.com:8443/", "https://x.api.example.com/"],
        ...["https://example.com/", "https://api.example.com./", "https://api.example.com.evil.test/"],
      ],
    ],
    [
      { host: "*.example.com" },
      ["https://a.example.com/", "https://a.b.example.com/"],
      ["https://example.com/", "https://.example.com/", "https://evilexample.com/", "https://a.example.com./"],
    ],
    [
      { host: "a.example.com", schemes: ["http", "https"] },
      ["http://a.example.com/", "https://a.example.com/"],
      ["http://a.example.com:443/", "https://a.example.com:80/"],
    ],
    [
      { host: "a.example.com", ports: [8443] },
      ["https://a.example.com:8443/"],
      ["https://a.example.com/", "http://a.example.com:8443/"],
    ],
    [
      { host: "10.1.2.3" },
      ["https://10.1.2.3/", "https://0x0a.0x01.0x02.3/"],
      ["https://10.1.2.4/", "https://[::ffff:10.1.2.3]/"],
    ],
    [{ host: "[fd00::1]" }, ["https://[fd00:0:0::1]/"], ["https://[fd00::2]/"]],
    [{ host: "fd00::1" }, ["https://[fd00::1]/"], ["https://[fd00::1:1]/"]],
    [
      { host: "bücher.example" },
      ["https://xn--bcher-kva.example/", "https://BÜCHER.example/"],
      ["https://bucher.example/"],
    ],
  ])("%j", (rule, inside, outside) => {
    expect(inside.filter((url) => !allows([rule], url))).toEqual([]);
    expect(outside.filter((url) => allows([rule], url))).toEqual([]);
  });
});

describe("a rule is refused, with what to write instead", () => {
  it.each<[string, unknown, RegExp]>([
    ["a bare wildcard", { host: "*" }, /may stand only at the beginning/],
    ["a wildcard over everything", { host: "*." }, /ends with|no host/],
    ["a wildcard in the middle", { host: "a.*.example.com" }, /at the beginning/],
    ["a top-level domain", { host: "*.com" }, /strangers/],
    ["a public suffix", { host: "*.co.uk" }, /strangers/],
    ["a private suffix, where anyone can have a name", { host: "*.github.io" }, /strangers/],
    ["another one", { host: "*.s3.amazonaws.com" }, /strangers/],
    ["a public suffix in another script", { host: "*.中国" }, /strangers/],
    ["a name without a dot", { host: "*.internal" }, /strangers/],
    ["a URL", { host: "https://example.com" }, /host alone/],
    ["a port", { host: "example.com:443" }, /host alone/],
    ["a path", { host: "example.com/x" }, /host alone/],
    ["a user", { host: "a@example.com" }, /host alone/],
    ["an escape", { host: "ex%61mple.com" }, /host alone/],
    ["a dot at the end", { host: "example.com." }, /Write it without/],
    ["an empty part", { host: "a..example.com" }, /empty/],
    ["nothing", { host: "" }, /must be a host/],
    ["no text", { host: 5 }, /must be a host/],
    ["an address in octal", { host: "0177.0.0.1" }, /Write 127\.0\.0\.1/],
    ["an address in full-width digits", { host: "１２７.0.0.1" }, /Write 127\.0\.0\.1/],
    ["an address as one number", { host: "2130706433" }, /Write 127\.0\.0\.1/],
    ["this machine in disguise", { host: "0.0.0.0" }, /not the address of one host/],
    ["the unspecified address", { host: "::" }, /not the address of one host/],
    ["an embedded address", { host: "::ffff:10.0.0.1" }, /not the address of one host/],
    ["many hosts", { host: "224.0.0.1" }, /not the address of one host/],
    ["broadcast", { host: "255.255.255.255" }, /not the address of one host/],
    ["no port", { host: "a.example", ports: [] }, /whole numbers/],
    ["a port that is none", { host: "a.example", ports: [0] }, /whole numbers/],
    ["a scheme that is none", { host: "a.example", schemes: ["ftp"] }, /"https" and "http"/],
    ["a misspelled key", { host: "a.example", privateAdresses: "refuse" }, /no such option/],
    ["a range that is none", { host: "a.example", privateAddresses: ["10.0.0.1/8"] }, /no CIDR range/],
    [
      "a range over everything",
      { host: "a.example", privateAddresses: ["0.0.0.0/0"] },
      /wider than any private network/,
    ],
    ["an empty list", { host: "a.example", privateAddresses: [] }, /at least one/],
    ["another word", { host: "a.example", privateAddresses: "yes" }, /"refuse", "allow"/],
  ])("%s", (_, rule, message) => {
    const make = () => createSafeFetch({ allow: [rule as HostRule] });
    expect(make).toThrow(SafeFetchOptionError);
    expect(make).toThrow(message);
  });
  it("none at all", () => {
    expect(() => createSafeFetch({ allow: [] })).toThrow(/at least one host/);
  });
  it.each<[string, object]>([
    ["a misspelled option", { redirect: "refuse" }],
    ["a way to switch verification off", { tls: { rejectUnauthorized: false } }],
    ["a limit of zero", { limits: { totalTimeoutMs: 0 } }],
    ["no limit", { limits: { maxBytes: Number.POSITIVE_INFINITY } }],
    ["a time that a timer takes for none", { limits: { totalTimeoutMs: 2 ** 31 } }],
    ["an unknown limit", { limits: { maxBodyBytes: 1 } }],
    ["redirects by another word", { redirects: "all" }],
    ["a proxy of another kind", { proxy: { url: "socks5://127.0.0.1:1080" } }],
    ["a proxy that is no host", { proxy: { url: "http://0.0.0.0:1080" } }],
    ["a proxy with a password that is not escaped", { proxy: { url: "http://a:%zz@127.0.0.1:1080" } }],
    ["a proxy with a path", { proxy: { url: "http://127.0.0.1:1080/x" } }],
  ])("%s", (_, options) => {
    expect(() => createSafeFetch({ allow: [{ host: "a.example" }], ...options } as never)).toThrow(
      SafeFetchOptionError,
    );
  });
});

describe("a name may lead", () => {
  const opens = (host: string, privateAddresses: PrivateAddresses, address: string): boolean =>
    compileRules([{ host, privateAddresses }])(new URL(`https://${host}/`))!.opens(parseAddress(address)!);
  const PRIVATE = ["10.0.0.1", "172.16.0.1", "192.168.0.1", "100.64.0.1", "127.0.0.1", "::1", "fd12::1"];
  const NEVER = [
    ...["169.254.0.1", "169.254.169.254", "168.63.129.16", "100.100.100.200", "fd00:ec2::254", "fe80::1"],
    ...["224.0.0.1", "255.255.255.255", "0.0.0.0", "192.0.2.1", "::", "::ffff:10.0.0.1", "64:ff9b::808:808"],
  ];
  it("to public addresses only, by default", () => {
    expect(opens("a.example", "refuse", "8.8.8.8")).toBe(true);
    expect([...PRIVATE, ...NEVER].filter((address) => opens("a.example", "refuse", address))).toEqual([]);
  });
  it("with allow, to private ones, and to none that is of a cloud, of a link, of many or reserved", () => {
    expect(PRIVATE.filter((address) => !opens("a.example", "allow", address))).toEqual([]);
    expect(NEVER.filter((address) => opens("a.example", "allow", address))).toEqual([]);
  });
  it("with a list, to public ones and to what is listed", () => {
    const ranges = ["10.1.0.0/16", "::1"];
    expect(["8.8.8.8", "10.1.255.255", "::1"].filter((address) => !opens("a.example", ranges, address))).toEqual([]);
    expect(["10.2.0.1", "127.0.0.1", "192.168.0.1", ...NEVER].filter((one) => opens("a.example", ranges, one))).toEqual(
      [],
    );
  });
  it("to link-local addresses only where a range names them, and to metadata services only by themselves", () => {
    expect(opens("a.example", ["169.254.0.0/16"], "169.254.1.1")).toBe(true);
    expect(opens("a.example", ["169.254.0.0/16"], "169.254.169.254")).toBe(false);
    expect(opens("a.example", ["100.64.0.0/10"], "100.100.100.200")).toBe(false);
    expect(opens("a.example", ["fc00::/7"], "fd00:ec2::254")).toBe(false);
    expect(opens("a.example", ["169.254.169.254/32"], "169.254.169.254")).toBe(true);
  });
  it("through NAT64 where its prefix is listed, to what IPv4 would be open as well", () => {
    const ranges = ["64:ff9b::/96"];
    expect(opens("a.example", ranges, "64:ff9b::808:808")).toBe(true);
    expect(opens("a.example", ranges, "64:ff9b::7f00:1")).toBe(false);
    expect(opens("a.example", ranges, "64:ff9b::a9fe:a9fe")).toBe(false);
    expect(opens("a.example", [...ranges, "10.0.0.0/8"], "64:ff9b::a00:1")).toBe(true);
  });
  it("never to many, nor to this machine in disguise, though a range names them", () => {
    expect(opens("a.example", ["224.0.0.0/8"], "224.0.0.1")).toBe(false);
    expect(opens("a.example", ["0.0.0.0/8"], "0.0.0.0")).toBe(false);
    expect(opens("a.example", ["::"], "::")).toBe(false);
  });
  it("as localhost to loopback, and nowhere else whatever a resolver says", () => {
    expect(["127.0.0.1", "::1"].filter((address) => !opens("localhost", "refuse", address))).toEqual([]);
    expect(["8.8.8.8", "10.0.0.1", "0.0.0.0"].filter((address) => opens("localhost", "allow", address))).toEqual([]);
  });
});
