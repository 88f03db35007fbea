import { ConfigError } from "@hardened-mcp/server";
import type { CredentialConfig } from "../../config/credential-schema.ts";
import type { Applied, Credential } from "./credential.ts";
import { openSecret } from "./open-secret.ts";
import type { Secret, SecretContext } from "./secret.ts";
import { base64, basicForms, createForms, sentForms } from "./sent-forms.ts";

type Of<Type extends CredentialConfig["type"]> = Extract<CredentialConfig, { readonly type: Type }>;
type OpenContext = Pick<SecretContext, "log"> & { readonly what: string };

/** RFC 6750, section 2.1. */
export function openBearer({ token }: Of<"bearer">, { what, log }: OpenContext): Credential {
  const secret = openSecret(token, { what: `${what}.token`, log });
  return fixed(secret, (value) => ({ headers: { authorization: `Bearer ${value}` }, value }), sentForms);
}

/** A key in a header, or in the query, where it ends up in the logs of everyone on the way: for APIs that know nothing else. */
export function openApiKey({ in: place, name, prefix, key }: Of<"api_key">, { what, log }: OpenContext): Credential {
  const secret = openSecret(key, { what: `${what}.key`, log });
  const header = name.toLowerCase();
  return fixed(
    secret,
    place === "query"
      ? (value) => ({ query: { name, value: prefix + value }, value })
      : (value) => ({ headers: { [header]: prefix + value }, value }),
    (value) => [...new Set([...sentForms(value), ...sentForms(prefix + value)])],
  );
}

/** RFC 7617, UTF-8. @throws {ConfigError} a user name with a colon, which would end there */
export function openBasic({ username, password }: Of<"basic">, { what, log }: OpenContext): Credential {
  if (/[:\x00-\x1f\x7f]/.test(username)) {
    throw new ConfigError(`${what}.username holds a colon or a control character: a Basic user name cannot.`);
  }
  const secret = openSecret(password, { what: `${what}.password`, log });
  return fixed(
    secret,
    (value) => ({ headers: { authorization: `Basic ${base64(`${username}:${value}`)}` }, value }),
    (value) => basicForms(`${username}:${value}`, value),
  );
}

/** The same for every caller. */
function fixed(
  secret: Secret,
  apply: (value: string) => Applied,
  forms: (value: string) => readonly string[],
): Credential {
  const formsOf = createForms(forms);
  let last: Applied | undefined;
  const applied = (value: string): Applied => {
    if (last?.value !== value) last = apply(value);
    return last;
  };
  return {
    apply(_, signal) {
      const value = secret.value(signal);
      return typeof value === "string" ? applied(value) : value.then(applied);
    },
    refused: (_, used) => secret.refused(used.value),
    identity: () => "",
    secrets: () => formsOf(secret.values()),
    close: async () => {},
  };
}
