/** What is revoked. Names are an issuer's own, so each comes with its issuer. */
export type RevocationTarget =
  | { readonly kind: "token"; readonly issuer: string; readonly jti: string }
  /** Every token of a subject that was issued until now. */
  | { readonly kind: "subject"; readonly issuer: string; readonly subject: string }
  /** Every token of a client that was issued until now. */
  | { readonly kind: "client"; readonly issuer: string; readonly client: string };

/** A revocation as it stands. */
export interface Revocation {
  readonly target: RevocationTarget;
  /** Who revoked: an operator's name. */
  readonly by: string;
  readonly why: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Milliseconds since the epoch from which it is forgotten. */
  readonly until: number;
}

/** Characters of an issuer, a subject, a client or a token id: all that an access token of 8 KiB can hold. */
export const MAX_NAME_LENGTH = 8_192;
/** Characters of who and why. */
export const MAX_NOTE_LENGTH = 500;

/**
 * One string for each target. JSON keeps its parts from running into one another: whoever may choose a subject, such as
 * `a","b` or `client:x`, cannot choose whom a revocation hits, or escape their own.
 */
export function targetName(kind: RevocationTarget["kind"], issuer: string, name: string): string {
  return JSON.stringify([kind, issuer, name]);
}

/** The part of a target that its issuer named. */
export function nameOf(target: RevocationTarget): string {
  if (target.kind === "token") return target.jti;
  return target.kind === "subject" ? target.subject : target.client;
}
