import { describe, expect, it } from "vitest";
import type { Claims } from "../../src/claims/claim.ts";
import { type ClaimsMapping, readClient, readRoles, readTenant } from "../../src/claims/mapping.ts";

const GROUPS: ClaimsMapping = {
  roles: { claim: "groups", map: { "cn=ops": "operator", dev: "developer", d2: "developer" } },
};

describe("roles", () => {
  it.each<[string, ClaimsMapping, Claims, readonly string[]]>([
    ["none without a mapping, whatever the token claims", {}, { roles: ["admin"], groups: ["cn=ops"] }, []],
    ["those of the groups that are mapped", GROUPS, { groups: ["cn=ops", "other"] }, ["operator"]],
    ["none for a group that only is named like a role", GROUPS, { groups: ["operator"] }, []],
    ["none of another claim", GROUPS, { roles: ["cn=ops"] }, []],
    ["none for names that every object has", GROUPS, { groups: ["constructor", "__proto__", "toString"] }, []],
    ["none for another case or a part", GROUPS, { groups: ["CN=OPS", "cn=op", "dev "] }, []],
    ["one for a text", GROUPS, { groups: "dev" }, ["developer"]],
    ["none for several groups in one text", GROUPS, { groups: "dev,cn=ops" }, []],
    ["each once", GROUPS, { groups: ["dev", "d2"] }, ["developer"]],
    [
      "those of a nested claim",
      { roles: { claim: ["realm_access", "roles"], map: { a: "x" } } },
      { realm_access: { roles: ["a"] } },
      ["x"],
    ],
    [
      "none where a dot is part of the name",
      { roles: { claim: "realm_access.roles", map: { a: "x" } } },
      { realm_access: { roles: ["a"] } },
      [],
    ],
    [
      "those of a claim with a URL for a name",
      { roles: { claim: "https://a.example/r", map: { a: "x" } } },
      { "https://a.example/r": ["a"] },
      ["x"],
    ],
    ["none of a member that every object has", { roles: { claim: "constructor", map: {} } }, {}, []],
    ["none of an inherited member", { roles: { claim: ["constructor", "name"], map: { Object: "x" } } }, {}, []],
  ])("are %s", (_, mapping, claims, roles) => {
    expect(readRoles(claims, mapping)).toEqual(roles);
  });

  it.each([[{ groups: [1] }], [{ groups: { a: 1 } }], [{ groups: [["dev"]] }], [{ groups: null }]])(
    "cannot be read from %j",
    (claims) => {
      expect(() => readRoles(claims, GROUPS)).toThrow("claims");
    },
  );
});

describe("the tenant", () => {
  it("is none without a mapping, whatever the token claims", () => {
    expect(readTenant({ tenant: "t1", tid: "t2" }, {})).toBeUndefined();
  });
  it("is what the mapped claim says", () => {
    expect(readTenant({ tid: "t2" }, { tenant: "tid" })).toBe("t2");
  });
  it.each([[{}], [{ tid: "" }], [{ tid: ["t"] }], [{ tid: null }]])("must be there once it is mapped: %j", (claims) => {
    expect(() => readTenant(claims, { tenant: "tid" })).toThrow("claims");
  });
});

describe("the client", () => {
  it.each<[ClaimsMapping, Claims, string | undefined]>([
    [{}, { client_id: "a", azp: "b" }, "a"],
    [{}, { azp: "b" }, "b"],
    [{ client: "cid" }, { cid: "c", client_id: "a" }, "c"],
    [{ client: "cid" }, { client_id: "a" }, undefined],
  ])("by %j of %j", (mapping, claims, client) => {
    expect(readClient(claims, mapping)).toBe(client);
  });
});
