import { describe, expect, it } from "vitest";
import { map, one, reasons } from "../support/document.ts";
import { body, build, bytesOf, operation, parameter, refused } from "./support/operation.ts";

/** What WSGI, CGI, PHP and Rack read as the header of the other spelling: `_` is `-` to them, and some take any mark for one. */
const HEADERS = [
  ...[
    "X-HTTP-Method-Override",
    "X_HTTP_Method_Override",
    "x.http.method.override",
    "X-Method-Override",
    "X_HTTP_Method",
  ],
  ...["Transfer_Encoding", "Content_Length", "X_Forwarded_For", "Host", "Cookie", "Proxy_Authorization"],
  ...["X-Client-IP", "From", "DPoP", "X-Host", "Max-Forwards", "True-Client-IP", "CF-Connecting-IP", "X_Real_IP"],
  ...["X-Original-Method", "X-Original-URL", "X-Rewrite-Url", "X-Envoy-Original-Path"],
  ...["X-Remote-User", "Remote_User", "Impersonate-User", "X-Amzn-Oidc-Identity", "X-Auth-Request-Email"],
  ...["X-Consumer-Username", "X_Credential_Identifier", "Remote-Groups", "X-Authentik-Groups", "Tailscale-User-Login"],
  ...["X-Pomerium-Jwt-Assertion", "X-Apigateway-Api-Userinfo", "X-Endpoint-API-UserInfo", "X-Vouch-User"],
  ...["X-Goog-Authenticated-User-Email", "X-MS-Client-Principal", "X-WEBAUTH-USER", "Ssl-Client-Cert"],
];
const METHODS = ["_method", "_METHOD", "_method[]", "_method[a]", "_Method ", "$method", "X-HTTP-Method-Override"];
const MORE_METHODS = [...METHODS, "x_http_method_override", "X-HTTP-Method", ".method", " _method", "_method\0x"];

const document = (name: string, place: string) => map(one({ parameters: [{ name, in: place }] }));

describe("headers that are not an argument's", () => {
  it.each(HEADERS)("%s: neither a document nor an operation makes it one", (name) => {
    expect(reasons(document(name, "header"))).toEqual(["part reserved_header"]);
    const made = operation({ parameters: [parameter(name, "header", { argument: "a" })] });
    expect(refused(() => build(made, { a: "x" }))).toBe("internal request/header");
  });

  it.each(["X-Tenant", "X-User-Id", "Range", "If-Match", "X-Request-Id", "Prefer", "X-Goog-Fieldmask"])(
    "%s is an argument like any other, up to the request",
    (name) => {
      const [made] = document(name, "header").operations;
      const argument = made?.parameters[0]?.argument ?? "";
      expect(build(made ?? operation(), { [argument]: "x" }).headers[name.toLowerCase()]).toBe("x");
    },
  );

  it.each(["X-API-Key", "X_API_KEY", "x.api.key"])("%s is the credential's, in whatever spelling", (name) => {
    const credential = { type: "api_key", name: "X-API-Key", key: { file: "/x" } };
    const config = { credential, headers: { "X-Tenant": "1" } };
    const found = map(one({ parameters: [name, "x_tenant"].map((one) => ({ name: one, in: "header" })) }), { config });
    expect(found.operations[0]?.parameters).toEqual([]);
    const made = operation({ parameters: [parameter(name, "header", { argument: "a" })] });
    expect(refused(() => build(made, { a: "x" }, { reserved: { headers: ["x-api-key"] } }))).toBe(
      "internal request/header",
    );
  });
});

describe("another method than the one that was checked", () => {
  it.each(MORE_METHODS)("is no parameter: %j", (name) => {
    expect(document(name, "query").operations[0]?.parameters ?? []).toEqual([]);
  });

  it.each(MORE_METHODS)("is no key of an object that is written as parameters: %j", (name) => {
    const made = operation({ parameters: [parameter("opt", "query")] });
    expect(refused(() => build(made, { opt: { [name]: "DELETE" } }))).toBe("invalid_input request/key@opt");
  });

  it.each(["urlencoded", "multipart", "json"] as const)("is no key of a body in the form %s", (form) => {
    const made = operation({ method: "POST", body: body(form) });
    for (const name of MORE_METHODS) {
      expect(
        refused(() => build(made, { body: { [name]: "DELETE", note: "x" } })),
        name,
      ).toBe("invalid_input request/key@body");
    }
  });

  it.each(["urlencoded", "json"] as const)(
    "is nothing that a value or an inner key of a %s body says",
    async (form) => {
      const made = operation({ method: "POST", body: body(form) });
      const sent = await bytesOf(build(made, { body: { method: "_method", inner: { _method: "x" } } }));
      expect(sent.toString()).toContain("_method");
    },
  );
});

describe("a key that is sent in the query", () => {
  const credential = { type: "api_key", in: "query", name: "api_key", key: { file: "/x" } };
  const SPELLINGS = ["api_key", "Api_Key", "api_key[]", "api.key", "api key", "api[key", "api-key", "api_key\0"];

  it.each(SPELLINGS)("is not filled by an argument: %j", (name) => {
    const found = map(one({ parameters: [{ name, in: "query" }] }), { config: { credential } });
    expect(found.operations[0]?.parameters).toEqual([]);
    const made = operation({ parameters: [parameter(name, "query", { argument: "a" })] });
    expect(refused(() => build(made, { a: "x" }, { reserved: { query: ["api_key"] } }))).toBe("internal request/query");
  });

  it.each(SPELLINGS)("is not filled by a key of an object: %j", (name) => {
    const made = operation({ parameters: [parameter("opt", "query")] });
    expect(refused(() => build(made, { opt: { [name]: "x" } }, { reserved: { query: ["api_key"] } }))).toBe(
      "invalid_input request/key@opt",
    );
  });
});
