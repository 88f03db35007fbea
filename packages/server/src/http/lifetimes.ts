import type { Authenticated } from "@hardened-mcp/auth";

/** Requests that are being answered, each to end when what allowed it does. */
export interface Lifetimes {
  /**
   * Calls `end` once the credential has expired or has been revoked. A credential without an end that nobody can revoke is
   * still asked: who knows what can end it is the authenticator.
   *
   * @returns to be called when the request has been answered
   */
  add(authenticated: Authenticated, end: (why: "expired" | "revoked") => void): () => void;
}

interface Watched {
  readonly authenticated: Authenticated;
  readonly end: (why: "expired" | "revoked") => void;
}

/**
 * Looks after streams that stay open: one that outlives its token goes on telling whoever held it (measured on the plain
 * SDK: delivered two seconds after expiry). One timer for all, and none while nothing is open.
 *
 * @param everyMs how long after a revocation a stream may still be open
 */
export function createLifetimes(everyMs = 1_000): Lifetimes {
  const open = new Set<Watched>();
  const asking = new WeakSet<Watched>();
  let timer: NodeJS.Timeout | undefined;

  function look(): void {
    for (const watched of open) {
      if ((watched.authenticated.expiresAt ?? Number.POSITIVE_INFINITY) <= Date.now()) end(watched, "expired");
      else void ask(watched);
    }
  }

  async function ask(watched: Watched): Promise<void> {
    // One question at a time: an authenticator that hangs must not be asked again every second by every stream.
    if (asking.has(watched)) return;
    asking.add(watched);
    // What cannot be asked is not known to be good.
    const isGood = await watched.authenticated.stillGood().catch(() => false);
    asking.delete(watched);
    if (!isGood) end(watched, "revoked");
  }

  function end(watched: Watched, why: "expired" | "revoked"): void {
    if (open.delete(watched)) watched.end(why);
  }

  function rest(): void {
    if (open.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  }

  return {
    add(authenticated, onEnd) {
      const watched = { authenticated, end: onEnd };
      open.add(watched);
      timer ??= setInterval(look, everyMs).unref();
      return () => {
        open.delete(watched);
        rest();
      };
    },
  };
}
