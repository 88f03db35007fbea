import type { RevocationTarget } from "@hardened-mcp/auth";
import { UsageError } from "../exit.ts";
import type { Flags } from "../flags.ts";
import { oneOf } from "../input/choice.ts";

/** @throws {UsageError} none or two, no issuer, or the token itself where its id is meant */
export function targetOf(flags: Flags): RevocationTarget {
  const kind = oneOf(flags, ["token", "subject", "client"]);
  const name = flags.required(kind);
  const issuer = flags.required("issuer");
  switch (kind) {
    case "token":
      refuseToken(name);
      return { kind, issuer, jti: name };
    case "subject":
      return { kind, issuer, subject: name };
    case "client":
      return { kind, issuer, client: name };
  }
}

/** The whole token would revoke nothing, and stand in a store that many can read. */
function refuseToken(name: string): void {
  if (/^hmcp_/.test(name)) {
    throw new UsageError("--token takes the id of an API key, which stands between hmcp_ and the last 44 characters");
  }
  if (/^eyJ[\w-]*\.[\w-]+\./.test(name)) throw new UsageError("--token takes the id of a token, its claim jti");
}
