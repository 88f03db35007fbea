import { createHash, randomBytes } from "node:crypto";
import type { Issued } from "../certificates.ts";
import { type DpopKey, dpopProof } from "./dpop.ts";
import { httpsFetch } from "./https-fetch.ts";
import { REDIRECT_URI, TEST_CLIENTS } from "./registry.ts";
import { createUserAgent } from "./user-agent.ts";

/** What both kinds of token request say. */
export interface TokenOptions {
  readonly resource: string;
  /** Separated by spaces, as in the request. */
  readonly scope: string;
  /** Binds the token to this key (RFC 9449). */
  readonly dpopKey?: DpopKey;
  /** Binds the token to this certificate (RFC 8705). */
  readonly certificate?: Issued;
}

export interface UserTokenOptions extends TokenOptions {
  readonly user: string;
}

/** Where the authorization server is, and who vouches for its certificate. */
export interface Endpoint {
  readonly issuer: string;
  readonly ca: string;
}

interface Client {
  readonly client_id: string;
  readonly client_secret?: string;
}

/** A token for a machine that acts for itself. */
export async function clientCredentialsToken(server: Endpoint, options: TokenOptions): Promise<string> {
  const client = options.certificate === undefined ? TEST_CLIENTS.machine : TEST_CLIENTS.machineMtls;
  const { resource, scope } = options;
  return await tokenFor(server, client, { grant_type: "client_credentials", resource, scope }, options);
}

/** A token for a user, by the whole code flow with PKCE: browser, login, consent, exchange. */
export async function userToken(server: Endpoint, options: UserTokenOptions): Promise<string> {
  const client = options.certificate === undefined ? TEST_CLIENTS.app : TEST_CLIENTS.appMtls;
  const { resource, scope, user } = options;
  const verifier = randomBytes(32).toString("base64url");
  const state = randomBytes(16).toString("base64url");
  const request = new URL("/auth", server.issuer);
  request.search = new URLSearchParams({
    response_type: "code",
    client_id: client.client_id,
    redirect_uri: REDIRECT_URI,
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    code_challenge_method: "S256",
    state,
    scope,
    resource,
  }).toString();
  const { searchParams: sent } = await createUserAgent(httpsFetch(server.ca)).visit(request, { user });
  const code = sent.get("code");
  if (code === null)
    throw new Error(`The authorization server refuses: ${sent.get("error")}, ${sent.get("error_description")}.`);
  if (sent.get("state") !== state || sent.get("iss") !== server.issuer) {
    throw new Error("The code came back with the state or issuer of another request.");
  }
  const form = {
    grant_type: "authorization_code",
    code,
    redirect_uri: REDIRECT_URI,
    code_verifier: verifier,
    resource,
  };
  return await tokenFor(server, client, form, options);
}

async function tokenFor(
  server: Endpoint,
  client: Client,
  form: Readonly<Record<string, string>>,
  { dpopKey, certificate }: TokenOptions,
): Promise<string> {
  const url = new URL("/token", server.issuer);
  const proof = dpopKey === undefined ? {} : { dpop: await dpopProof(dpopKey, { method: "POST", url }) };
  const answer = (await post(httpsFetch(server.ca, certificate), url, client, form, proof)) as { access_token: string };
  return answer.access_token;
}

/** Posts a form as `client` and returns the answer's JSON; an empty answer is `undefined`. */
export async function post(
  fetch: typeof globalThis.fetch,
  url: URL,
  { client_id, client_secret }: Client,
  form: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = {},
): Promise<unknown> {
  const basic = Buffer.from(`${client_id}:${client_secret}`).toString("base64");
  const response = await fetch(url, {
    method: "POST",
    headers: { ...headers, ...(client_secret === undefined ? {} : { authorization: `Basic ${basic}` }) },
    body: new URLSearchParams(client_secret === undefined ? { ...form, client_id } : form),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${url.pathname} refuses (${response.status}): ${text}`);
  return text === "" ? undefined : JSON.parse(text);
}
