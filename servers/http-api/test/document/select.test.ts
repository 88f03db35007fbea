import { ConfigError } from "@hardened-mcp/server";
import { describe, expect, it } from "vitest";
import { documentOf, map, reasons } from "../support/document.ts";

const document = documentOf({
  "/users": {
    get: { operationId: "listUsers", tags: ["users"] },
    post: { operationId: "createUser", tags: ["users"] },
  },
  "/users/{id}": {
    parameters: [{ name: "id", in: "path", required: true, schema: { type: "string" } }],
    get: { operationId: "getUser", tags: ["users"] },
    delete: { operationId: "deleteUser", tags: ["users"] },
    options: {},
  },
  "/users-old": { get: {} },
  "/mail": { get: { operationId: "sendMail", tags: ["mail"] }, head: { operationId: "peek" } },
});
const tools = (operations: unknown, allowWrite = false) =>
  map(document, { config: { operations }, allowWrite }).operations.map(
    ({ tool, effect, scope }) => `${tool} ${effect} ${scope}`,
  );
const read = (...names: string[]) => names.map((name) => `${name} read http:read`);

describe("operations", () => {
  it("are those that read, without any configuration", () => {
    expect(tools({})).toEqual(read("list_users", "get_user", "get_users_old", "send_mail", "peek"));
    expect(reasons(map(document))).toEqual(["operation method", "operation writing", "operation writing"]);
  });

  it.each<[string, unknown, readonly string[]]>([
    ["by id", { ids: ["getUser"] }, ["get_user"]],
    [
      "by method and path, also where there is an id",
      { ids: ["GET /users/{id}", "GET /users-old"] },
      ["get_user", "get_users_old"],
    ],
    ["by tag", { tags: ["mail"] }, ["send_mail"]],
    ["by path", { paths: ["/users"] }, ["list_users"]],
    ["by what is below a path, and not what merely begins like it", { paths: ["/users/*"] }, ["get_user"]],
    ["by any of these", { ids: ["peek"], tags: ["mail"], paths: ["/users"] }, ["list_users", "send_mail", "peek"]],
  ])("are narrowed %s", (_how, allow, names) => {
    expect(tools({ allow })).toEqual(read(...names));
  });

  it("are taken away again, whatever else names them", () => {
    const deny = { tags: ["users"] };
    expect(tools({ deny, write: ["createUser"] }, true)).toEqual(read("get_users_old", "send_mail", "peek"));
  });

  it.each(["/users/{userId}", "/Users/{id}", "/users/{id}/", "/%75sers/{id}", "/users;v=1/{id}", "/users./{id}"])(
    "are taken away with their twins, which a server takes for the same: %s",
    (twin) => {
      const parameters = ["id", "userId"].map((name) => ({
        name,
        in: "path",
        required: true,
        schema: { type: "string" },
      }));
      const twins = documentOf({
        "/users/{id}": { get: { operationId: "getUser", parameters } },
        [twin]: { get: { operationId: "twin", parameters } },
      });
      const denying = (operations: unknown) => map(twins, { config: { operations } }).operations.map(({ id }) => id);
      expect(denying({})).toEqual(["getUser", "twin"]);
      expect(denying({ deny: { ids: ["getUser"] } })).toEqual([]);
      expect(denying({ deny: { ids: ["twin"] } })).toEqual([]);
    },
  );

  it.each(["/Users/{id}", "/%75sers/{id}", "/users;v=1/{id}"])(
    "are taken away by a path that a server takes for theirs: %s",
    (path) => {
      const parameters = [{ name: "id", in: "path", required: true, schema: { type: "string" } }];
      const twins = documentOf({
        "/users/me": { get: { operationId: "me" } },
        [path]: { get: { operationId: "twin", parameters } },
      });
      const left = (lists: object) => map(twins, { config: { operations: lists } }).operations.map(({ id }) => id);
      expect(left({ deny: { paths: ["/users/*"] } })).toEqual([]);
      // What is allowed is what is written, and nothing else.
      expect(left({ allow: { paths: ["/users/*"] } })).toEqual(["me"]);
    },
  );

  it("that change something need the list and the flag, both", () => {
    const write = ["createUser", "DELETE /users/{id}"];
    const allow = { ids: ["listUsers", "deleteUser"] };
    expect(tools({ allow, write })).toEqual(read("list_users"));
    expect(tools({ allow }, true)).toEqual(read("list_users"));
    expect(tools({ allow, write }, true)).toEqual([
      ...read("list_users"),
      "create_user write http:write",
      "delete_user destroy http:write",
    ]);
  });

  it("have the effect that the operator says, and one that is no reading needs list and flag like any other", () => {
    const set = { sendMail: { effect: "external", scope: "mail:send" } };
    expect(tools({ allow: { ids: ["sendMail"] }, set }, true)).toEqual([]);
    expect(tools({ allow: { ids: ["peek"] }, set, write: ["sendMail"] }, true)).toEqual([
      "send_mail external mail:send",
      ...read("peek"),
    ]);
    expect(tools({ allow: { ids: ["peek"] }, write: ["peek"] }, true)).toEqual(["peek write http:write"]);
  });

  it.each<[string, unknown, RegExp]>([
    ["allow.ids", { allow: { ids: ["getUsr"] } }, /allow\.ids names the operation "getUsr".*Did you mean "getUser"/],
    ["allow.tags", { allow: { tags: ["user"] } }, /allow\.tags names the tag "user".*"users"/],
    ["allow.paths", { allow: { paths: ["/user"] } }, /allow\.paths names the path "\/user".*"\/users"/],
    ["allow.paths below a path that has nothing below", { allow: { paths: ["/mail/*"] } }, /allow\.paths/],
    ["deny.ids", { deny: { ids: ["deleteUsers"] } }, /deny\.ids.*"deleteUser"/],
    ["write", { write: ["createUsr"] }, /write names.*"createUser"/],
    ["set", { set: { getUsers: {} } }, /set names/],
    ["set of a word of JavaScript", { set: { constructor: {} } }, /set names/],
  ])("that do not exist are an error in %s, since a rule would be off in silence", (_key, operations, message) => {
    expect(() => tools(operations)).toThrow(ConfigError);
    expect(() => tools(operations)).toThrow(message);
  });
});

describe("an operation that is named twice, by id and by method and path", () => {
  it.each<[string, unknown]>([
    // The last one won: an effect that had been raised was lost.
    ["set", { set: { getUser: { effect: "external" }, "GET /users/{id}": { title: "User" } } }],
    ["write", { write: ["createUser", "POST /users"] }],
    ["allow.ids", { allow: { ids: ["getUser", "GET /users/{id}"] } }],
    ["deny.ids", { deny: { ids: ["GET /mail", "sendMail"] } }],
  ])("is an error in %s: one of the two would be off in silence", (key, operations) => {
    expect(() => tools(operations)).toThrow(ConfigError);
    expect(() => tools(operations)).toThrow(`apis.shop.operations.${key} names one operation twice, as "`);
  });
});

describe("what the operator sets", () => {
  it("wins over the document", () => {
    const set = {
      getUser: {
        tool: "user",
        title: "User",
        description: "One user.",
        deadlineMs: 5,
        idempotencyHeader: "X-Once",
        pagination: { type: "link" },
      },
    };
    const { operations } = map(document, { config: { operations: { allow: { ids: ["getUser"] }, set } } });
    expect(operations[0]).toMatchObject({
      tool: "user",
      title: "User",
      description: "One user.",
      deadlineMs: 5,
      idempotencyHeader: "X-Once",
      pagination: { type: "link" },
    });
  });

  it("is refused where it names an argument or a tool that cannot be", () => {
    const page = { type: "page", argument: "ide" };
    expect(() => tools({ set: { getUser: { pagination: page } } })).toThrow(/argument "ide".*Did you mean "id"/);
    expect(() => tools({ set: { getUser: { tool: "a" }, listUsers: { tool: "a" } } })).toThrow(/"a" twice/);
  });
});

describe("names of tools", () => {
  const names = (ids: readonly unknown[], options = {}) =>
    map(
      documentOf(Object.fromEntries(ids.map((operationId, index) => [`/p${index}`, { get: { operationId } }]))),
      options,
    ).operations.map(({ tool }) => tool);

  it("are words, made of the id", () => {
    expect(
      names(["getUserByID", "repos/list-for-user", "pets.find", "HTTPServer2Status", "Über_Größe", "3d", "___", ""]),
    ).toEqual([
      "get_user_by_id",
      "repos_list_for_user",
      "pets_find",
      "http_server2_status",
      "uber_gro_e",
      "op_3d",
      "get_p6",
      "get_p7",
    ]);
  });

  it("are 64 characters at most, and never the same, in whatever order the document has them", () => {
    const long = "a".repeat(100);
    const made = names([`${long}1`, `${long}2`, "get_pet", "getPet", "get-pet"]);
    expect(new Set(made).size).toBe(5);
    for (const name of made) expect(name).toMatch(/^[a-z][a-z0-9]*(?:_[a-z0-9]+)*$/);
    expect(Math.max(...made.map((name) => name.length))).toBeLessThanOrEqual(64);
    expect(made[2]).toMatch(/^get_pet_[0-9a-f]{8}$/);
  });

  it("do not depend on what is allowed", () => {
    const some = documentOf({ "/a": { get: { operationId: "getPet" } }, "/b": { get: { operationId: "get_pet" } } });
    const all = map(some).operations[1]?.tool;
    expect(map(some, { config: { operations: { allow: { paths: ["/b"] } } } }).operations[0]?.tool).toBe(all);
  });

  it("begin with the API where there are several, but for those the operator gives", () => {
    const operations = { set: { b: { tool: "mine" } } };
    expect(names(["a", "b"], { prefix: true, config: { operations } })).toEqual(["shop_a", "mine"]);
  });

  it("that the operator gives are taken from nobody else", () => {
    const operations = { set: { b: { tool: "a" } } };
    const made = names(["a", "b"], { config: { operations } });
    expect(made[0]).toMatch(/^a_[0-9a-f]{8}$/);
    expect(made[1]).toBe("a");
  });
});
