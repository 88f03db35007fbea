import { TokenError } from "../token-error.ts";
import { type Claims, own } from "./claim.ts";

/**
 * A token for someone else is refused, whoever signed it (RFC 8707; MCP authorization, "Token Audience Binding"). One
 * of its audiences must be exactly one of ours: no prefix, no other case, no trailing slash.
 *
 * @throws {TokenError} `audience`
 */
export function checkAudience(claims: Claims, audiences: ReadonlySet<string>): void {
  const aud = own(claims, "aud");
  const named: readonly unknown[] = Array.isArray(aud) ? aud : [aud];
  // All of them: an array with anything but text in it was not made by whom we trust to make it right.
  const areTexts = named.every((each) => typeof each === "string" && each !== "");
  if (!areTexts || !named.some((each) => audiences.has(String(each)))) throw new TokenError("audience");
}
