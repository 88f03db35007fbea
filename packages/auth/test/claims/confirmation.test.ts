import { describe, expect, it } from "vitest";
import { readConfirmation } from "../../src/claims/confirmation.ts";

const A = "a".repeat(43);
const B = "b".repeat(43);

describe("what a token is bound to", () => {
  it.each([
    [{}, { jkt: undefined, x5t: undefined }],
    [{ cnf: { jkt: A } }, { jkt: A, x5t: undefined }],
    [{ cnf: { "x5t#S256": B } }, { jkt: undefined, x5t: B }],
    [{ cnf: { jkt: A, "x5t#S256": B } }, { jkt: A, x5t: B }],
  ])("is read from %j", (claims, confirmation) => {
    expect(readConfirmation(claims)).toEqual(confirmation);
  });

  it.each([
    [{ cnf: {} }],
    [{ cnf: { kid: "k" } }],
    [{ cnf: { jkt: A, jwk: {} } }],
    [{ cnf: { jkt: A.slice(1) } }],
    [{ cnf: { jkt: [A] } }],
    [{ cnf: { jkt: null } }],
    [{ cnf: { jkt: A, "x5t#S256": null } }],
    [{ cnf: { JKT: A } }],
  ])("is never ignored because it is not understood: %j", (claims) => {
    expect(() => readConfirmation(claims)).toThrow("binding-not-accepted");
  });

  it.each([[{ cnf: null }], [{ cnf: "x" }], [{ cnf: [] }]])("is no such thing: %j", (claims) => {
    expect(() => readConfirmation(claims)).toThrow("claims");
  });
});
