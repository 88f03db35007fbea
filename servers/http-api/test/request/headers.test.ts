import { createServer, request as httpRequest } from "node:http";
import type { AddressInfo } from "node:net";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { body, build, operation, parameter, refused } from "./support/operation.ts";

const OPERATION = operation({ parameters: [parameter("X-Note", "header", { argument: "note" })] });

describe("headers", () => {
  it.each([
    "a\r\nX-Admin: 1",
    "a\nb",
    "a\rb",
    "a\0b",
    "\x7f",
    "é",
    "\u010a",
    "日",
    " a",
    "a ",
    "\ta",
    "a\x1bb",
    "\ud800",
  ])("refuse the value %j", (note) => {
    expect(refused(() => build(OPERATION, { note }))).toMatch(
      /^invalid_input request\/(?:header_value|lone_surrogate)@note$/,
    );
  });

  it("arrive as they were given", async () => {
    const seen: (string | undefined)[] = [];
    const server = createServer({ keepAliveTimeout: 0 }, (request, response) => {
      seen.push(request.headers["x-note"] as string | undefined);
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const sent: string[] = [];
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "binary-ascii", maxLength: 12 }), async (note) => {
        if (refused(() => build(OPERATION, { note })) !== undefined) return;
        const { headers } = build(OPERATION, { note });
        sent.push(note);
        await new Promise<void>((resolve, reject) => {
          httpRequest({ port, host: "127.0.0.1", headers }, (response) => response.resume().on("end", resolve))
            .on("error", reject)
            .end();
        });
      }),
      { numRuns: 200 },
    );
    server.close();
    server.closeAllConnections();
    expect(seen).toEqual(sent);
    expect(sent.length).toBeGreaterThan(10);
  });

  it.each([
    ...[
      "Host",
      "authorization",
      "Cookie",
      "Content-Length",
      "Transfer-Encoding",
      "Connection",
      "proxy-authorization",
      "X-Forwarded-For",
    ],
    ...[
      "X-HTTP-Method-Override",
      "X-Original-URL",
      "Content-Type",
      "Accept",
      "Upgrade",
      "Expect",
      "__proto__",
      "X Note",
      "X-Key",
      ":path",
    ],
  ])("are never sent under the name %s from an argument", (name) => {
    const op = operation({ parameters: [parameter(name, "header", { argument: "note" })] });
    expect(refused(() => build(op, { note: "a" }, { reserved: { headers: ["x-key"] } }))).toBe(
      "internal request/header",
    );
  });

  it.each(["Authorization", "cookie", "Host", "Content-Length", "Proxy-Authorization", "a b"])(
    "are never configured as %s",
    (name) => {
      expect(refused(() => build(operation(), {}, { headers: { [name]: "a" } }))).toBe("internal request/header");
    },
  );

  it("of the configuration win over arguments", () => {
    expect(build(OPERATION, { note: "model" }, { headers: { "X-NOTE": "operator" } }).headers["x-note"]).toBe(
      "operator",
    );
  });

  it("refuse a comma inside of an element, since header values are not encoded", () => {
    expect(refused(() => build(OPERATION, { note: ["a,b"] }))).toBe("invalid_input request/delimiter@note");
  });

  it("refuse what servers would not read", () => {
    expect(refused(() => build(OPERATION, { note: "a".repeat(4097) }))).toBe("invalid_input request/header_size@note");
    const names = ["a", "b", "c", "d"];
    const many = operation({ parameters: names.map((name) => parameter(name, "header")) });
    const args = Object.fromEntries(names.map((name) => [name, "x".repeat(4000)]));
    expect(refused(() => build(many, args))).toBe("invalid_input request/header_size@d");
  });

  it("ask for the types that the operation declares", () => {
    const responses = [
      { status: "200", content: { "application/json": {}, "text/csv": undefined } },
      { status: "404", content: { "x/y": {} } },
    ];
    expect(build(operation({ responses })).headers["accept"]).toBe("application/json, text/csv");
  });

  it("have a new idempotency key for each request", () => {
    const op = operation({ method: "POST", idempotencyHeader: "Idempotency-Key", body: body("json") });
    const keys = [build(op, { body: {} }), build(op, { body: {} })].map(({ headers }) => headers["idempotency-key"]);
    expect(keys[0]).toMatch(/^[0-9a-f-]{36}$/);
    expect(keys[0]).not.toBe(keys[1]);
  });
});
