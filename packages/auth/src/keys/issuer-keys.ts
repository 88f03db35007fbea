import { type CryptoKey, createLocalJWKSet, type JSONWebKeySet } from "jose";
import type { GuardedFetch } from "../fetch/guarded-fetch.ts";
import type { JoseHeader } from "../jwt/header.ts";
import { TokenError } from "../token-error.ts";
import { createRefreshed } from "./refreshed.ts";
import { AnswerError, type Trouble, troubleCode } from "./trouble.ts";

/** The public keys of one issuer, and of no other. */
export interface IssuerKeys {
  /**
   * The one key that the issuer published under this `kid` for this algorithm.
   *
   * @throws {TokenError} `unknown-key`; `keys-away`: the issuer does not answer, and what is known is too old
   */
  find(header: JoseHeader): Promise<CryptoKey>;
}

export interface IssuerKeysOptions {
  readonly issuer: string;
  /** Where the keys are published; `undefined`: it cannot be learned at present. */
  readonly locate: () => Promise<URL | undefined>;
  readonly fetch: GuardedFetch;
  readonly onTrouble: (trouble: Trouble) => void;
}

type Lookup = ReturnType<typeof createLocalJWKSet>;

/** A key that was withdrawn is used for ten minutes more at most; with the issuer away, for an hour. */
const FRESHNESS = { softMs: 600_000, hardMs: 3_600_000, coolDownMs: 30_000, retryMs: 5_000 };

export function createIssuerKeys({ issuer, locate, fetch, onTrouble }: IssuerKeysOptions): IssuerKeys {
  const keys = createRefreshed<Lookup>(
    () => load(locate, fetch),
    FRESHNESS,
    (error) => onTrouble({ issuer, what: "keys", code: troubleCode(error) }),
  );

  return {
    async find(header) {
      const known = await keys.current();
      if (known === undefined) throw new TokenError("keys-away");
      // Asked again at most once in a cool-down: a sender can invent as many key ids as it likes.
      const key = (await lookUp(known, header)) ?? (await lookUp((await keys.renewed()) ?? known, header));
      if (key !== undefined) return key;
      throw new TokenError(keys.isAway ? "keys-away" : "unknown-key");
    },
  };
}

async function load(locate: () => Promise<URL | undefined>, fetch: GuardedFetch): Promise<Lookup> {
  const url = await locate();
  if (url === undefined) throw new AnswerError("answer");
  const { status, body } = await fetch(url, { headers: { accept: "application/jwk-set+json, application/json" } });
  if (status !== 200) throw new AnswerError("answer");
  return createLocalJWKSet(JSON.parse(body) as JSONWebKeySet);
}

/** A key of another kind, curve or use than the algorithm's is no key for it; nor is a `kid` that names two. */
async function lookUp(keys: Lookup, { alg, kid }: JoseHeader): Promise<CryptoKey | undefined> {
  try {
    return await keys({ alg, kid });
  } catch {
    return undefined;
  }
}
