import { describe, expect, it } from "vitest";

import type { PersonalKind } from "../../src/personal/personal-kinds.ts";
import { createRedactor } from "../../src/redactor.ts";

const CASES: readonly [PersonalKind, readonly string[], readonly string[]][] = [
  [
    "email",
    ["ann@example.org", "a.b+c@mail.example.co.uk", "jörg@exämple.de"],
    ["@decorator", "a@b", "user@localhost"],
  ],
  ["phone", ["+49 30 901820", "+1 (555) 123-4567", "555-123-4567"], ["2026-11-22", "+1", "1234567"]],
  ["iban", ["DE89370400440532013000", "GB29 NWBK 6016 1331 9268 19"], ["DE88370400440532013000", "AB12CDEF"]],
  [
    "credit_card",
    ["4111111111111111", "5555-5555-5555-4444", "3782 822463 10005"],
    ["4111111111111112", "1234567890123"],
  ],
  ["ip", ["192.168.0.1", "2001:db8::1", "fe80::1"], ["1.2.3", "999.1.1.1", "std::vector", "12:30:45", "1.2.3.4.5"]],
  ["us_ssn", ["123-45-6789"], ["000-12-3456", "123-45-67890"]],
];

describe("personal data", () => {
  it.each(CASES)("%s", (kind, examples, nearMisses) => {
    const redactor = createRedactor({ personal: [kind] });
    for (const example of examples) expect(redactor.text(`x ${example} y`)).toBe(`x [redacted:${kind}] y`);
    for (const nearMiss of nearMisses) expect(redactor.text(`x ${nearMiss} y`)).toBe(`x ${nearMiss} y`);
  });

  it("is left alone unless asked for", () => {
    const text = CASES.flatMap(([, examples]) => examples).join(" ");
    expect(createRedactor().text(text)).toBe(text);
  });

  it("finds a card followed by its expiry date", () => {
    expect(createRedactor({ personal: ["credit_card"] }).text("4111 1111 1111 1111 12/29")).toBe(
      "[redacted:credit_card] 12/29",
    );
  });
});
