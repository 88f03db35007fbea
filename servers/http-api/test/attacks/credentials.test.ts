import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { OAUTH_CLIENT, type OAuthServer, oauthServer, wholeText } from "../support/upstreams/index.ts";
import { attacked, CREDENTIALS } from "./support/attacked.ts";

let oauth: OAuthServer;
beforeAll(async () => {
  oauth = await oauthServer();
});
afterAll(() => oauth[Symbol.asyncDispose]());

const base64 = (text: string): string => Buffer.from(text).toString("base64").replace(/=+$/, "");

interface Kind {
  readonly credential: (secret: { readonly file: string }) => Readonly<Record<string, unknown>>;
  /** How it arrives at the API; proves that it was sent at all. */
  readonly arrives: (sent: string) => boolean;
  /** Everything that must be nowhere else. */
  readonly secrets: () => readonly string[];
}

const { reference, liar } = CREDENTIALS;
const raw = () => [reference, liar, encodeURIComponent(reference), base64(reference), base64(liar)];

const KINDS: Readonly<Record<string, Kind>> = {
  bearer: {
    credential: (token) => ({ type: "bearer", token }),
    arrives: (sent) => sent.includes(`Bearer ${reference}`),
    secrets: raw,
  },
  "api key in a header": {
    credential: (key) => ({ type: "api_key", in: "header", name: "X-API-Key", prefix: "Key ", key }),
    arrives: (sent) => /x-api-key: Key canary/i.test(sent),
    secrets: raw,
  },
  "api key in the query": {
    credential: (key) => ({ type: "api_key", in: "query", name: "api_key", key }),
    arrives: (sent) => sent.includes(`api_key=${reference}`),
    secrets: raw,
  },
  basic: {
    credential: (password) => ({ type: "basic", username: "ada", password }),
    arrives: (sent) => sent.includes(`ada:${reference}`),
    secrets: () => [...raw(), base64(`ada:${reference}`), base64(`ada:${liar}`)],
  },
  "client credentials": {
    credential: (clientSecret) => ({
      type: "client_credentials",
      tokenUrl: oauth.tokenUrl,
      clientId: OAUTH_CLIENT.id,
      clientSecret,
    }),
    arrives: (sent) => oauth.issued.some(({ token }) => sent.includes(`Bearer ${token}`)),
    secrets: () => [...raw(), OAUTH_CLIENT.secret, ...oauth.issued.map(({ token }) => token)],
  },
};

/** What an API that is not to be trusted does to get at a credential, or to have it told. */
const CALLS: readonly (readonly [tool: string, args?: Record<string, unknown>])[] = [
  ["reference_tell_credential"],
  ["reference_echo", { q: "x" }],
  ["reference_answer_with_status", { code: 401 }],
  ["reference_answer_with_status", { code: 500 }],
  ["liar_redirect_302"],
  ["liar_redirect_307"],
  ["liar_redirect_schemeless"],
  ["liar_redirect_userinfo"],
  ["liar_redirect_literal_decimal"],
  ["liar_reset_in_body"],
  ["liar_closed_at_once"],
  ["liar_http_0_9"],
];

describe.each(Object.entries(KINDS))("a credential: %s", (_, kind) => {
  it("goes to its own API, and to nobody else in no form", async () => {
    // The secret that the authorization server knows is one of its own.
    const isOauth = kind === KINDS["client credentials"];
    await using stage = await attacked({
      credential: (secret) => kind.credential(secret),
      ...(isOauth ? { secret: OAUTH_CLIENT.secret } : {}),
    });
    for (const [tool, args] of CALLS) await stage.ask(tool, args ?? {});
    expect(stage.api.requests.some((request) => kind.arrives(wholeText(request)))).toBe(true);
    expect(stage.other.connections()).toBe(0);
    const said = stage.everythingSaid();
    expect(said).toContain("answer_with_status");
    for (const secret of kind.secrets()) expect(said).not.toContain(secret);
    // Each API was shown its own, and never the other's.
    const atLiar = stage.liar.requests.map(wholeText).join("\n");
    if (!isOauth) expect(atLiar).not.toContain(reference);
  });
});
