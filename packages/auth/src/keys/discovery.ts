import type { GuardedFetch } from "../fetch/guarded-fetch.ts";
import { createRefreshed } from "./refreshed.ts";
import { AnswerError, type Trouble, troubleCode } from "./trouble.ts";

/** What an issuer publishes about itself (RFC 8414). */
export interface Discovery {
  /** The URL of one of its endpoints; `undefined`: it cannot be learned at present, or there is none. */
  find(member: "jwks_uri" | "introspection_endpoint"): Promise<URL | undefined>;
}

type Metadata = Readonly<Record<string, unknown>>;

const FRESHNESS = { softMs: 3_600_000, hardMs: 24 * 3_600_000, coolDownMs: 30_000, retryMs: 5_000 };

export function createDiscovery(issuer: string, fetch: GuardedFetch, onTrouble: (trouble: Trouble) => void): Discovery {
  const metadata = createRefreshed<Metadata>(
    () => load(issuer, fetch),
    FRESHNESS,
    (error) => onTrouble({ issuer, what: "discovery", code: troubleCode(error) }),
  );
  return {
    async find(member) {
      const url = (await metadata.current())?.[member];
      return typeof url === "string" ? (URL.parse(url) ?? undefined) : undefined;
    },
  };
}

/** The places of RFC 8414 and OpenID Connect Discovery 1.0, in the order that the MCP specification gives to clients. */
function places(issuer: string): URL[] {
  const { origin, pathname } = new URL(issuer);
  const path = pathname.endsWith("/") ? pathname.slice(0, -1) : pathname;
  const all = [
    `/.well-known/oauth-authorization-server${path}`,
    `/.well-known/openid-configuration${path}`,
    `${path}/.well-known/openid-configuration`,
  ];
  return [...new Set(all)].map((place) => new URL(place, origin));
}

async function load(issuer: string, fetch: GuardedFetch): Promise<Metadata> {
  for (const url of places(issuer)) {
    const { status, body } = await fetch(url, { headers: { accept: "application/json" } });
    if (status !== 200) continue;
    const metadata: unknown = JSON.parse(body);
    if (typeof metadata !== "object" || metadata === null) throw new AnswerError("answer");
    // Compared as written: whoever can make us read another's metadata would otherwise give us another's keys.
    if (!("issuer" in metadata) || metadata.issuer !== issuer) throw new AnswerError("issuer-mismatch");
    return { ...metadata };
  }
  throw new AnswerError("answer");
}
