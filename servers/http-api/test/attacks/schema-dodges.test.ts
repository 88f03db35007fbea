import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type TestFolder, testFolder } from "../support/folder.ts";
import { openApi, type Session } from "../support/session.ts";
import { type HttpUpstream, httpUpstream, INTERNAL_CANARY, type Reply } from "../support/upstreams/index.ts";

const THING = { type: "object", properties: { id: { type: "integer" }, email: { type: "string" } }, required: ["id"] };
const OK = { description: "It.", content: { "application/json": { schema: THING } } };
const UNTIDY = `{"id":1,"email":"ada@example.org","internal":"${INTERNAL_CANARY}"}`;

const as = (type: string, body = UNTIDY, status = 200): Reply => ({ status, headers: { "content-type": type }, body });

/** What an API might answer so that its own schema does not hold it. */
const DODGES: Readonly<Record<string, Reply>> = {
  "another name for JSON": as("application/x+json"),
  "the name of a vendor for JSON": as("application/vnd.api+json; charset=utf-8"),
  "another status of success": as("application/json", UNTIDY, 203),
  "a status that is declared without a body": as("application/json", UNTIDY, 202),
  "both at once": as("application/x+json", UNTIDY, 299),
  "JSON that calls itself text": as("text/plain"),
  "JSON that calls itself HTML": as("text/html"),
  "JSON that calls itself CSV, with another status": as("text/csv", UNTIDY, 206),
  "a type that does not fit, and more": as("application/json", UNTIDY.replace("1", '"one"')),
  "an array in place of an object": as("application/json", `[${UNTIDY}]`),
  "a key twice": as("application/json", UNTIDY.replace('"id"', `"id":{"internal":"${INTERNAL_CANARY}"},"id"`)),
  "a declared key with an object in it": as("application/json", `{"id":1,"email":${UNTIDY}}`),
};

/** And so that a mask, or a selection, does not. */
const MASKED_DODGES: Readonly<Record<string, Reply>> = {
  "a masked key twice": as("application/json", `{"id":1,"email":"x","email":"${INTERNAL_CANARY}"}`),
  "a masked key twice, first as null": as("application/json", `{"email":null,"id":1,"email":"${INTERNAL_CANARY}"}`),
  "a masked key, escaped": as("application/json", `{"id":1,"e\\u006dail":"${INTERNAL_CANARY}"}`),
  "a masked key twice, once escaped": as("application/json", `{"id":1,"email":"x","\\u0065mail":"${INTERNAL_CANARY}"}`),
  "a masked key as an object": as("application/json", `{"id":1,"email":{"email":"${INTERNAL_CANARY}"}}`),
  "a masked key in an array": as("application/json", `{"id":1,"email":["${INTERNAL_CANARY}"]}`),
  "masked JSON as text": as("text/plain", `{"id":1,"email":"${INTERNAL_CANARY}"}`),
  "masked JSON as another JSON": as("application/x+json", `{"id":1,"email":"${INTERNAL_CANARY}"}`),
  "masked JSON with a status of its own": as("application/json", `{"id":1,"email":"${INTERNAL_CANARY}"}`, 299),
};

describe("an API that would get around its own schema", () => {
  let folder: TestFolder;
  let api: HttpUpstream;
  let session: Session;
  beforeAll(async () => {
    folder = testFolder();
    api = await httpUpstream(({ target }) => {
      const kind = decodeURIComponent(target.split("/").at(-1) ?? "");
      return DODGES[kind] ?? MASKED_DODGES[kind] ?? as("application/json");
    });
    const responses = { "202": { description: "Later." }, "200": OK };
    const get = { operationId: "getThing", parameters: [KIND], responses };
    const text = { description: "It.", content: { ...OK.content, "text/*": { schema: { type: "string" } } } };
    const paths = {
      "/{kind}": { get },
      "/text/{kind}": { get: { ...get, operationId: "getText", responses: { "200": text } } },
      "/free/{kind}": { get: { ...get, operationId: "getFree", responses: { "200": { description: "Any." } } } },
      "/masked/{kind}": { get: { ...get, operationId: "getMasked" } },
      "/masked-free/{kind}": { get: { ...get, operationId: "getMaskedFree", responses: {} } },
      "/chosen/{kind}": { get: { ...get, operationId: "getChosen", responses: {} } },
    };
    const mask = { response: { mask: [{ field: "email" }] } };
    const chosen = { response: { fields: ["id"] } };
    session = await openApi(
      folder,
      { baseUrl: api.origin, document: { openapi: "3.1.0", info: { title: "T", version: "1" }, paths } },
      { api: { operations: { set: { getMasked: mask, getMaskedFree: mask, getChosen: chosen } } } },
    );
  });
  afterAll(async () => {
    await session[Symbol.asyncDispose]();
    await api[Symbol.asyncDispose]();
    folder[Symbol.dispose]();
  });

  it("is shown as declared where it answers as declared", async () => {
    const answer = await session.call("get_thing", { kind: "honest" });
    expect(answer.structured?.["body"]).toEqual({ id: 1, email: "ada@example.org" });
  });

  it.each(Object.keys(DODGES))("shows nothing undeclared by %s", async (kind) => {
    const answer = await session.call("get_thing", { kind });
    expect(JSON.stringify(answer)).not.toContain(INTERNAL_CANARY);
    expect(api.count(`/${encodeURIComponent(kind)}`)).toBe(1);
  });

  it.each(["get_text", "get_free"])("is shown as text by %s, which declares no less", async (tool) => {
    const answer = await session.call(tool, { kind: "JSON that calls itself text" });
    expect(answer.structured?.["text"]).toBe(UNTIDY);
  });

  it.each(
    Object.keys(MASKED_DODGES).flatMap((kind) =>
      ["get_masked", "get_masked_free", "get_chosen"].map((tool) => [kind, tool] as const),
    ),
  )("shows nothing masked or unselected by %s (%s)", async (kind, tool) => {
    const answer = await session.call(tool, { kind });
    // Text has no parts that could be masked or chosen.
    expect(answer.isError).toBe(kind === "masked JSON as text");
    expect(JSON.stringify(answer)).not.toContain(INTERNAL_CANARY);
  });
});

const KIND = { name: "kind", in: "path", required: true, schema: { type: "string" } } as const;
