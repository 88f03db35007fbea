import type { IncomingMessage } from "node:http";
import { type Authenticated, type AuthenticationFailure, isFailure } from "@hardened-mcp/auth/authenticator";
import { loopbackPrincipal } from "@hardened-mcp/auth/principal";
import { addressKey, createFailureThrottle, createRateLimiter } from "@hardened-mcp/limits";
import type { ErrorCode } from "../errors/table.ts";
import { RPC } from "../protocol/json-rpc.ts";
import type { GuardedServer } from "../server.ts";
import { isLoopback } from "./bind.ts";
import type { HttpLimits, HttpOptions } from "./options.ts";
import { Rejected } from "./rejected.ts";

/** Who is calling, and have they asked too often before we even know? */
export interface Admission {
  /**
   * @param address of the client, as far as it can be believed
   * @throws {Rejected} 400, 401, 403, 429 or 503, with the challenge that says how to get in
   */
  admit(request: IncomingMessage, address: string): Promise<Authenticated>;
  /**
   * Asks again before anything is run for a request whose body was slow: a body can be made to arrive a byte at a time for
   * as long as a credential has been dead.
   *
   * @throws {Rejected} 401
   */
  stillGood(request: IncomingMessage, authenticated: Authenticated): Promise<void>;
}

const MINUTE_MS = 60_000;

/** Asks the authenticator, or takes whoever is on this machine where there is none. */
export function createAdmission(server: GuardedServer, options: HttpOptions, limits: HttpLimits): Admission {
  const { authenticator } = options;
  if (authenticator === undefined) return loopbackOnly(server);
  const requests = createRateLimiter({
    rules: { address: { limit: limits.requestsPerMinutePerAddress, windowMs: MINUTE_MS } },
  });
  const failures = createFailureThrottle({ limit: limits.failuresPerMinutePerAddress, windowMs: MINUTE_MS });
  return {
    async admit(request, address) {
      const key = addressKey(address);
      const rate = requests.take(key, "address");
      if (!rate.ok) throw tooMany("address_rate", rate.retryAfterMs, address);
      const blockedMs = failures.isBlocked(address);
      const answer = await authenticator.authenticate(request, {
        scopes: server.initialScopes,
        // Whoever shares an address with a guesser keeps working; only what would have to be verified anew is put off.
        knownOnly: blockedMs !== undefined,
      });
      if (!isFailure(answer)) return answer;
      if (answer.status === 429) throw tooMany("failure_rate", blockedMs ?? MINUTE_MS, address);
      if (!HONEST.has(answer.reason) && answer.status !== 503) failures.failed(address);
      throw rejected(answer, address);
    },
    async stillGood(request, authenticated) {
      const { expiresAt = Number.POSITIVE_INFINITY } = authenticated;
      if (expiresAt > Date.now() && (await authenticated.stillGood())) return;
      // Asked once more for the reason and the challenge; whatever it answers now, this request is over.
      const answer = await authenticator.authenticate(request, { scopes: server.initialScopes });
      throw rejected(isFailure(answer) ? answer : ENDED, request.socket.remoteAddress ?? "");
    },
  };
}

const ENDED: AuthenticationFailure = { status: 401, challenges: ["Bearer"], reason: "ended" };

/**
 * The authenticator's reasons that are no sign of guessing. A request that brings nothing is how every client finds out
 * where to get a token; and a token that was good until now is how it finds out that it needs another. Behind one address
 * there may be a whole office, of which somebody's token expires every few seconds.
 */
const HONEST: ReadonlySet<string> = new Set(["missing", "expired"]);

function loopbackOnly(server: GuardedServer): Admission {
  const anyone: Authenticated = {
    principal: loopbackPrincipal(server.local),
    expiresAt: undefined,
    degraded: false,
    stillGood: async () => true,
  };
  return {
    async admit(request) {
      if (isLoopback((request.socket.remoteAddress ?? "").replace(/^::ffff:/, ""))) return anyone;
      throw new Rejected(403, {
        code: "denied",
        reason: "not_loopback",
        message: "Only this machine is served.",
        type: "auth.failed",
      });
    },
    stillGood: async () => undefined,
  };
}

function tooMany(reason: string, retryAfterMs: number, address: string): Rejected {
  const seconds = Math.ceil(retryAfterMs / 1000);
  return new Rejected(
    429,
    {
      code: "rate_limited",
      reason,
      message: `Too many requests. Try again in ${seconds} s.`,
      detail: { address },
    },
    { headers: { "retry-after": String(seconds) } },
  );
}

const CODES: Readonly<Record<AuthenticationFailure["status"], readonly [code: ErrorCode, message: string]>> = {
  400: [
    "invalid_input",
    "The request carries credentials in a way that is not accepted: one Authorization header, and nothing in the URL.",
  ],
  401: ["denied", "Authentication is needed."],
  403: ["denied", "This is not allowed."],
  429: ["rate_limited", "Too many requests."],
  503: ["unavailable", "It cannot be told at present who is calling. Nothing was done."],
};

function rejected({ status, challenges, reason }: AuthenticationFailure, address: string): Rejected {
  const [code, message] = CODES[status];
  return new Rejected(
    status,
    { code, reason: "authentication", message, type: "auth.failed", detail: { why: reason, address } },
    {
      rpc: status === 503 ? RPC.internal : RPC.server,
      headers: {
        ...(challenges.length === 0 ? {} : { "www-authenticate": [...challenges] }),
        ...(status === 503 ? { "retry-after": "5" } : {}),
      },
    },
  );
}
