import { hash } from "node:crypto";
import { holdSubjectTokens, subjectTokenOf } from "@hardened-mcp/auth/subject-token";
import type { Principal } from "@hardened-mcp/server";
import type { TokenEndpointResponse } from "oauth4webapi";
import { UpstreamError } from "../../model/exchange.ts";
import type { Credential } from "./credential.ts";
import { createKeeper } from "./keeper.ts";
import { createForms, createJoin, sentForms } from "./sent-forms.ts";
import type { TokenEndpoint } from "./token-endpoint.ts";

const GRANT = "urn:ietf:params:oauth:grant-type:token-exchange";
const ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";
const JWT = "urn:ietf:params:oauth:token-type:jwt";
/** Tokens of callers kept at once; each is gone when it ends. */
const MAX_TOKENS = 1_000;

/**
 * RFC 8693: the caller's token for one of the API's. The caller's own goes to the authorization server and to nobody
 * else; it is sent as it came, also where it is bound to a key of the caller's.
 *
 * What comes of it is kept by the caller's token, not by the caller: two tokens of one person may stand for different
 * clients and scopes, and are exchanged for different rights.
 */
export function tokenExchange(endpoint: TokenEndpoint): Credential {
  const held = holdSubjectTokens();
  const keeper = createKeeper(MAX_TOKENS);
  const digests = new WeakMap<Principal, string>();
  const formsOf = createForms(sentForms);
  const join = createJoin();
  const applied = (value: string) => ({ headers: { authorization: `Bearer ${value}` }, value });

  function subjectOf(principal: Principal): string {
    const token = subjectTokenOf(principal);
    if (token === undefined) throw new UpstreamError("no_subject_token");
    return token;
  }

  function digestOf(principal: Principal): string {
    const known = digests.get(principal);
    if (known !== undefined) return known;
    const digest = hash("sha256", subjectOf(principal), "base64url");
    digests.set(principal, digest);
    return digest;
  }

  return {
    apply(principal, signal) {
      const subject = subjectOf(principal);
      const get = () =>
        endpoint.token({
          grantType: GRANT,
          parameters: {
            subject_token: subject,
            subject_token_type: ACCESS_TOKEN,
            requested_token_type: ACCESS_TOKEN,
          },
          flaw: (answer) => flawOf(answer, subject),
        });
      const value = keeper.value(digestOf(principal), get, signal);
      return typeof value === "string" ? applied(value) : value.then(applied);
    },
    refused: (principal, used) => keeper.refused(digestOf(principal), used.value),
    identity: digestOf,
    secrets: () => join(formsOf(keeper.values()), endpoint.secrets()),
    async close() {
      held[Symbol.dispose]();
      await endpoint.close();
    },
  };
}

function flawOf(answer: TokenEndpointResponse, subject: string): string | undefined {
  // A server that gives back what it was given would make us pass the caller's token on (MCP: token passthrough).
  if (answer.access_token === subject) return "it is the caller's own token";
  const issued = answer["issued_token_type"];
  return issued === undefined || issued === ACCESS_TOKEN || issued === JWT ? undefined : "it is no access token";
}
