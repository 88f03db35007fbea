import { hash } from "node:crypto";

/** SHA-256, base64url, of a definition as it is offered. The input must be built in a fixed key order. */
export function definitionHash(offered: unknown): string {
  return hash("sha256", JSON.stringify(offered), "base64url");
}
