import { hostRuleOf, SafeFetchError } from "@hardened-mcp/safe-fetch";
import { ConfigError } from "@hardened-mcp/server";
import {
  allowInsecureRequests,
  ClientSecretBasic,
  ClientSecretPost,
  customFetch,
  genericTokenEndpointRequest,
  processGenericTokenEndpointResponse,
  ResponseBodyError,
  type TokenEndpointResponse,
  WWWAuthenticateChallengeError,
} from "oauth4webapi";
import type { CredentialConfig } from "../../config/credential-schema.ts";
import { isPlain } from "../base-url.ts";
import { type Network, openSafeFetch, proxyOf, readPem } from "../connection.ts";
import type { UpstreamLog } from "../log.ts";
import type { Kept } from "./keeper.ts";
import { openSecret } from "./open-secret.ts";
import { unusable } from "./secret.ts";
import { base64, createForms, formEncoded, sentForms } from "./sent-forms.ts";

export type TokenEndpointConfig = Extract<CredentialConfig, { readonly tokenUrl: string }>;

/** What a token is asked with, beside who asks. */
export interface TokenRequest {
  readonly grantType: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** @returns what is wrong with an answer that the RFC of the grant does not allow */
  readonly flaw?: (answer: TokenEndpointResponse) => string | undefined;
}

/** An authorization server's token endpoint (RFC 6749, section 3.2), over connections of its own to that origin alone. */
export interface TokenEndpoint {
  /** @throws {UpstreamError} `credential` */
  token(request: TokenRequest): Promise<Kept>;
  /** The client's secret, in every form it is sent in. */
  secrets(): readonly string[];
  close(): Promise<void>;
}

/** Nobody's answer to a request for a token is longer, or takes longer. */
const LIMITS = { connectTimeoutMs: 5_000, headersTimeoutMs: 10_000, totalTimeoutMs: 15_000, maxBytes: 256 * 1024 };
/** For a server that does not say (RFC 6749, section 5.1: it SHOULD). */
const UNSAID_LIFE_S = 60;
const LONGEST_LIFE_S = 86_400;
/** A token that ends on the way is refused; a twentieth of short lives. */
const MARGIN_S = 30;

/** @throws {ConfigError} a client secret or authorities that cannot be read; plain http off this machine */
export function openTokenEndpoint(
  config: TokenEndpointConfig,
  { what, log, network }: { readonly what: string; readonly log: UpstreamLog; readonly network: Network },
): TokenEndpoint {
  const url = new URL(config.tokenUrl);
  if (isPlain(url)) throw new ConfigError(`${what}.tokenUrl must be https: the client's secret goes there.`);
  if (url.username !== "" || url.password !== "") {
    throw new ConfigError(`${what}.tokenUrl holds a user name or a password; write clientId and clientSecret instead.`);
  }
  const secret = openSecret(config.clientSecret, { what: `${what}.clientSecret`, log });
  const ca = readPem(config.caFile, `${what}.caFile`);
  const safe = openSafeFetch(`${what}.tokenUrl`, {
    allow: [hostRuleOf(url, config.privateAddresses)],
    limits: LIMITS,
    connections: 8,
    ...(ca === undefined ? {} : { tls: { ca } }),
    ...proxyOf(network),
    ...(network.lookup === undefined ? {} : { lookup: network.lookup }),
  });
  const server = { issuer: url.origin, token_endpoint: url.href };
  const client = { client_id: config.clientId };
  const authenticate = config.clientAuthentication === "client_secret_post" ? ClientSecretPost : ClientSecretBasic;
  const options = { [customFetch]: safe.fetch, ...(url.protocol === "http:" ? { [allowInsecureRequests]: true } : {}) };

  function parametersOf({ parameters }: TokenRequest): Record<string, string> {
    const { scopes, resource, audience } = config;
    return {
      ...(scopes.length === 0 ? {} : { scope: scopes.join(" ") }),
      ...(resource === undefined ? {} : { resource }),
      ...(audience === undefined ? {} : { audience }),
      ...parameters,
    };
  }

  async function ask(request: TokenRequest): Promise<TokenEndpointResponse> {
    const proof = authenticate(await secret.value(AbortSignal.timeout(LIMITS.totalTimeoutMs)));
    const response = await genericTokenEndpointRequest(
      server,
      client,
      proof,
      request.grantType,
      parametersOf(request),
      options,
    );
    return await processGenericTokenEndpointResponse(server, client, response);
  }

  const formsOf = createForms((value) => [
    ...sentForms(value),
    base64(`${formEncoded(config.clientId)}:${formEncoded(value)}`),
    base64(`${config.clientId}:${value}`),
  ]);
  const context = { what: `${what}.tokenUrl`, log };
  return {
    async token(request) {
      const askedAt = Date.now();
      let answer: TokenEndpointResponse;
      try {
        answer = await ask(request);
      } catch (error) {
        // Without its cause: the library's errors carry the body, and a body may repeat what was sent.
        throw unusable(context, `No token: ${reasonOf(error)}.`);
      }
      const { access_token: value, token_type: type, expires_in: lifeS = UNSAID_LIFE_S } = answer;
      const flaw = flawOf(value, type) ?? request.flaw?.(answer);
      if (flaw !== undefined) throw unusable(context, `No token: ${flaw}.`);
      const margin = Math.min(MARGIN_S, lifeS / 20);
      return { value, expiresAt: askedAt + (Math.min(lifeS, LONGEST_LIFE_S) - margin) * 1000 };
    },
    secrets: () => formsOf(secret.values()),
    close: () => safe.close(),
  };
}

/** RFC 6750, section 2.1: nothing else fits into the header, and a token bound to a key of ours needs proofs we do not make. */
function flawOf(token: string, type: string): string | undefined {
  if (type !== "bearer") return "it is no bearer token";
  return /^[A-Za-z0-9._~+/-]+=*$/.test(token) ? undefined : "it cannot be sent as a bearer token";
}

/** RFC 6749, section 5.2, and RFC 8693, section 2.2.2: the error's name, if it is one; descriptions may repeat anything. */
const ERROR_NAMES: ReadonlySet<string> = new Set([
  "invalid_request",
  "invalid_client",
  "invalid_grant",
  "unauthorized_client",
  "unsupported_grant_type",
  "invalid_scope",
  "invalid_target",
]);

function reasonOf(error: unknown): string {
  if (error instanceof ResponseBodyError) {
    const name = ERROR_NAMES.has(error.error) ? error.error : "an unknown error";
    return `the authorization server answers ${error.status} ${name}`;
  }
  if (error instanceof WWWAuthenticateChallengeError) return `the authorization server answers ${error.status}`;
  const cause = error instanceof Error ? error.cause : undefined;
  if (cause instanceof SafeFetchError) return `the authorization server cannot be asked (${cause.code})`;
  return "the authorization server gives no answer that a token endpoint may give";
}
