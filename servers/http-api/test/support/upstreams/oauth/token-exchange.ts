import { errors, type Provider } from "oidc-provider";

export const EXCHANGE_GRANT = "urn:ietf:params:oauth:grant-type:token-exchange";
const ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";
const SUBJECT_TYPES: ReadonlySet<string> = new Set([ACCESS_TOKEN, "urn:ietf:params:oauth:token-type:jwt"]);
const PARAMETERS = [
  "subject_token",
  "subject_token_type",
  "requested_token_type",
  "audience",
  "resource",
  "scope",
] as const;

/** One exchange that was granted. */
export interface Exchanged {
  readonly subject: string;
  readonly subjectToken: string;
  readonly audience: string | undefined;
  readonly resource: string | undefined;
}

export interface ExchangeOptions {
  /** Whom a subject token speaks for; rejects when it is not good. */
  readonly verifySubject: (token: string) => Promise<string>;
  readonly defaultResource: string;
  readonly scopes: string;
  readonly format: "jwt" | "opaque";
  readonly ttlSeconds: number;
}

/** Registers RFC 8693 with the provider, which has none of its own. What it grants is added to the list returned. */
export function registerTokenExchange(provider: Provider, options: ExchangeOptions): readonly Exchanged[] {
  const { verifySubject, defaultResource, scopes, format, ttlSeconds } = options;
  const exchanged: Exchanged[] = [];
  provider.registerGrantType<Partial<Record<(typeof PARAMETERS)[number], string>>>(
    EXCHANGE_GRANT,
    async (ctx) => {
      const { client, params } = ctx.oidc;
      const { subject_token: subjectToken = "", subject_token_type: type = "", audience, scope = scopes } = params;
      // RFC 8693, section 2.1: both are required; section 2.2.2: what cannot be accepted is invalid_request.
      if (!SUBJECT_TYPES.has(type)) throw new errors.InvalidRequest("subject_token_type is missing or not known");
      const subject = await verifySubject(subjectToken).catch(() => {
        throw new errors.InvalidRequest("subject_token is not valid");
      });
      const resource = typeof params.resource === "string" ? params.resource : undefined;
      const token = new provider.AccessToken({
        client,
        accountId: subject,
        grantId: "exchange",
        gty: EXCHANGE_GRANT,
        scope,
      });
      const identifier = resource ?? defaultResource;
      token.resourceServer = new provider.ResourceServer(identifier, {
        audience: audience ?? identifier,
        scope: scopes,
        accessTokenFormat: format,
        accessTokenTTL: ttlSeconds,
        jwt: { sign: { alg: "ES256" } },
      });
      const value = await token.save();
      exchanged.push({ subject, subjectToken, audience, resource });
      ctx.body = {
        access_token: value,
        issued_token_type: ACCESS_TOKEN,
        token_type: "Bearer",
        expires_in: token.expiration,
        scope,
      };
    },
    PARAMETERS,
  );
  return exchanged;
}
