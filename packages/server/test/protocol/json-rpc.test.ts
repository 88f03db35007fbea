import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { messageFault } from "../../src/protocol/json-rpc.ts";

describe("messageFault", () => {
  it("never throws, whatever it is given", () => {
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true, withBigInt: true }), (value) => {
        const fault = messageFault(value);
        expect(fault === undefined || Number.isInteger(fault.code)).toBe(true);
      }),
    );
  });

  it("accepts nothing but 2.0", () => {
    fc.assert(
      fc.property(
        fc.jsonValue().filter((version) => version !== "2.0"),
        fc.dictionary(fc.constantFrom("id", "method", "params", "result"), fc.jsonValue()),
        (jsonrpc, rest) => {
          expect(messageFault({ ...rest, jsonrpc })).toBeDefined();
        },
      ),
    );
  });

  it("accepts no key that JSON-RPC does not know", () => {
    const known = new Set(["jsonrpc", "id", "method", "params", "result", "error"]);
    fc.assert(
      fc.property(
        fc.string({ minLength: 1 }).filter((key) => !known.has(key) && key !== "__proto__"),
        (key) => {
          expect(messageFault({ jsonrpc: "2.0", id: 1, method: "ping", [key]: 1 })).toBeDefined();
        },
      ),
    );
  });

  it.each([
    { jsonrpc: "2.0", id: 0, method: "ping" },
    { jsonrpc: "2.0", id: "a", method: "ping", params: {} },
    { jsonrpc: "2.0", method: "notifications/initialized" },
    { jsonrpc: "2.0", id: 1, result: {} },
    { jsonrpc: "2.0", id: 1, error: { code: 1, message: "x" } },
  ])("accepts %j", (message) => expect(messageFault(message)).toBeUndefined());
});
