import type { Principal } from "../principal.ts";

/** By object, not by name: nothing that walks, copies, prints or stores a principal comes to its token. */
const tokens = new WeakMap<Principal, string>();
let holders = 0;

/**
 * From now on the authenticators of this process keep the access token of each principal, for {@link subjectTokenOf}.
 * Without a holder none is kept: a dump of a process that exchanges no tokens shall hold none.
 *
 * @returns ends it; what was kept goes with its principals
 */
export function holdSubjectTokens(): Disposable {
  let isHeld = true;
  holders++;
  return {
    [Symbol.dispose]() {
      if (isHeld) holders--;
      isHeld = false;
    },
  };
}

/**
 * The access token that a principal was authenticated with: the `subject_token` of a token exchange (RFC 8693, section
 * 2.1), sent to the configured authorization server and to nobody else. It is given as it came, also one that is bound to
 * its sender's key (RFC 9449, RFC 8705): whether such a token may be exchanged is the authorization server's decision.
 *
 * @returns `undefined` for a principal of this machine or of an API key, for a copy of a principal, and where nobody
 * called {@link holdSubjectTokens} before it was authenticated
 */
export function subjectTokenOf(principal: Principal): string | undefined {
  return tokens.get(principal);
}

/**
 * Keeps a token that was verified in every way. A principal is remembered for each token, never for each subject, so the
 * second token of one is a mistake of ours: to go on would act with one caller's rights for another.
 */
export function keepSubjectToken(principal: Principal, token: string): void {
  if (holders === 0 || (principal.assurance !== "token" && principal.assurance !== "bound-token")) return;
  const known = tokens.get(principal);
  if (known !== undefined && known !== token) throw new Error("one principal for two tokens");
  tokens.set(principal, token);
}
