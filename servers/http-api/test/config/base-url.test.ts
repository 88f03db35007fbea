import { describe, expect, it } from "vitest";
import { apiConfig } from "../../src/config/api-schema.ts";
import { baseUrlOf } from "../../src/config/base-url.ts";

const of = (keys: object, documented?: string) => baseUrlOf("shop", apiConfig.parse(keys), documented);

describe("where an API is", () => {
  it("is what the configuration says, whatever the document does", () => {
    expect(of({ baseUrl: "http://10.0.0.1:8080/v1" }, "https://elsewhere.example.com")).toBe("http://10.0.0.1:8080/v1");
  });

  it("is else the document's server, if it is public and https", () => {
    expect(of({}, "https://api.shop.com/v1")).toBe("https://api.shop.com/v1");
  });

  it.each([
    ["nothing", undefined],
    ["a path alone", "/v1"],
    ["no URL", "https://"],
    ["http", "http://api.shop.com"],
    ["another scheme", "file:///etc/passwd"],
    ["an address", "https://93.184.216.34"],
    ["a private address", "https://10.0.0.1"],
    ["an address in another spelling", "https://0x7f.1"],
    ["an address as a number", "https://2130706433"],
    ["an address of IPv6", "https://[::1]"],
    ["this machine", "https://localhost/"],
    ["this machine, below a name", "https://a.localhost/"],
    ["a name without a dot", "https://billing/"],
    ["a name of the own network", "https://metadata.google.internal/"],
    ["a name of the own network with a dot at its end", "https://metadata.google.internal./"],
    ["a name that is nobody's", "https://api.shop.test/"],
  ])("is not taken from the document where that says %s", (_, documented) => {
    expect(() => of({}, documented)).toThrow(
      /^apis\.shop\.baseUrl is missing.*Write down where the API is: apis\.shop\.baseUrl\./,
    );
    if (documented !== undefined && documented.length > 8) expect(() => of({}, documented)).not.toThrow(documented);
  });

  it.each(["https://canary@api.shop.com", "https://api.shop.com/?canary", "https://api.shop.com/#canary"])(
    "is refused, and not repeated, with more in it: %s",
    (documented) => {
      expect(() => of({}, documented)).toThrow(/apis\.shop\.baseUrl/);
      expect(() => of({}, documented)).not.toThrow("canary");
    },
  );

  it.each([
    { credential: { type: "bearer", token: { file: "/run/secrets/key" } } },
    { credential: { type: "api_key", in: "query", name: "key", key: { command: ["key"] } } },
    { tls: { certFile: "/c.pem", keyFile: "/k.pem" } },
  ])("is for the operator to write down where it gets a credential: %j", (keys) => {
    expect(() => of(keys, "https://api.shop.com/v1")).toThrow(/^apis\.shop\.baseUrl is missing.*decide who gets it/);
    expect(of({ ...keys, baseUrl: "https://api.shop.com/v1" }, "https://evil.example.com")).toBe(
      "https://api.shop.com/v1",
    );
  });

  it("names the flag where it has one", () => {
    expect(() => baseUrlOf("api", apiConfig.parse({}), undefined)).toThrow("or --base-url");
  });
});
