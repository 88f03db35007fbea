import type { Credential } from "./credential.ts";
import { createKeeper } from "./keeper.ts";
import { createForms, createJoin, sentForms } from "./sent-forms.ts";
import type { TokenEndpoint } from "./token-endpoint.ts";

/** RFC 6749, section 4.4: this server's own token, the same for every caller. */
export function clientCredentials(endpoint: TokenEndpoint): Credential {
  const keeper = createKeeper(1);
  const get = () => endpoint.token({ grantType: "client_credentials", parameters: {} });
  const formsOf = createForms(sentForms);
  const join = createJoin();
  const applied = (value: string) => ({ headers: { authorization: `Bearer ${value}` }, value });
  return {
    apply(_, signal) {
      const value = keeper.value("", get, signal);
      return typeof value === "string" ? applied(value) : value.then(applied);
    },
    refused: (_, used) => keeper.refused("", used.value),
    identity: () => "",
    secrets: () => join(formsOf(keeper.values()), endpoint.secrets()),
    close: () => endpoint.close(),
  };
}
