import type { Revocation, RevocationTarget } from "@hardened-mcp/auth";
import { isoTime } from "../input/instant.ts";
import { printable } from "../printable.ts";

/** `token abc of https://idp.example`, safe for a terminal. */
export function nameTarget(target: RevocationTarget): string {
  const name = target.kind === "token" ? target.jti : target.kind === "subject" ? target.subject : target.client;
  return printable(`${target.kind} ${name} of ${target.issuer}`);
}

/** A revocation for scripts: times in ISO 8601. */
export function plainRevocation({ target, by, why, at, until }: Revocation) {
  return { target, by, why, at: isoTime(at), until: isoTime(until) };
}
