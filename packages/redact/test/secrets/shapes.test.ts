import { describe, expect, it } from "vitest";

import { createRedactor } from "../../src/redactor.ts";
import { SECRET_SHAPES } from "../../src/secrets/shapes.ts";

const redactor = createRedactor();

describe("secret shapes", () => {
  it.each(SECRET_SHAPES.map((shape) => [shape.id, shape] as const))("%s", (id, shape) => {
    const example = shape.example.join("");
    const redacted = redactor.text(`before ${example} after`);
    expect(redacted).toContain(`[redacted:${id}]`);
    expect(redacted.startsWith("before ") && redacted.endsWith(" after")).toBe(true);
    expect(redacted).not.toContain(shape.example.at(-1) === "@db.internal/app" ? "s3cr3t" : example);
    const nearMiss = `before ${shape.nearMiss.join("")} after`;
    expect(redactor.text(nearMiss)).toBe(nearMiss);
  });

  it("masks only the password of an address", () => {
    expect(redactor.text("postgres://app:hunter2hunter2@db/app")).toBe("postgres://app:[redacted:url_password]@db/app");
    expect(redactor.text("mysql://u:p@ss@h/db")).toBe("mysql://u:[redacted:url_password]@h/db");
  });

  it("masks every spelling of an AWS secret key's name", () => {
    const key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
    for (const name of [
      "AWS_SECRET_ACCESS_KEY=",
      "aws_secret_access_key: ",
      '"SecretAccessKey": "',
      "secretAccessKey: '",
      "AWS_SECRET_KEY=",
      "secret_key = ",
      "secretKey=",
    ]) {
      expect(redactor.text(`${name}${key}`), name).toBe(`${name}[redacted:aws_secret_key]`);
    }
  });

  it("masks a private key that was cut off before its end", () => {
    const cut = redactor.text("-----BEGIN PRIVATE KEY-----\nMIIEpAIBAAKCAQEA\nqqqq");
    expect(cut).toBe("[redacted:private_key]");
  });

  it("masks an encrypted private key, whose headers have dashes", () => {
    const pem =
      "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,AB\n\nqqqq\n-----END RSA PRIVATE KEY-----";
    expect(redactor.text(pem)).toBe("[redacted:private_key]");
  });

  it.each([
    "sk-",
    "sk-ant-",
    "eyJ",
    "eyJ.",
    "eyJhbGciOiJIUzI1NiJ9.",
    "-----BEGIN PRIVATE KEY-----",
    "-----BEGIN ",
    "KEY",
    "://",
    "://a:",
    "://a:b",
    "authorization: bearer ",
    "AKIA",
    "xox",
    "xoxb-",
    "secret_key=",
    "AccountKey=",
    "@",
    "a@a.",
    "1 ",
    "4111-",
    "4",
    "+1 ",
    "DE89",
    "1.",
    "1:",
    "[redacted:",
    "\u001b[",
    "\u001b]",
    "\u200b",
  ])("stays linear on a mebibyte of %j", (piece) => {
    const everything = createRedactor({ personal: ["email", "phone", "iban", "credit_card", "ip", "us_ssn"] });
    const text = piece.repeat(Math.ceil((1 << 20) / piece.length));
    const start = performance.now();
    everything.text(text);
    expect(performance.now() - start).toBeLessThan(8000);
  });
});
