import type { ApiConfig } from "./api-schema.ts";
import { secretOf } from "./credential-files.ts";
import type { HttpApiConfig } from "./schema.ts";

const MASKED = "(masked)";

/** The configuration as it may be shown: values of headers are nobody's business, and arguments of a command may be secrets. */
export function shownConfig<Config extends HttpApiConfig>(config: Config): Config {
  const apis = Object.entries(config.apis).map(([name, api]) => [name, shownApi(api)]);
  return { ...config, apis: Object.fromEntries(apis) };
}

function shownApi(api: ApiConfig): unknown {
  const headers = Object.fromEntries(Object.keys(api.headers).map((name) => [name, MASKED]));
  return { ...api, headers, ...(api.credential === undefined ? {} : { credential: shownCredential(api.credential) }) };
}

function shownCredential(credential: NonNullable<ApiConfig["credential"]>): unknown {
  const shown = "tokenUrl" in credential ? { ...credential, tokenUrl: withoutQuery(credential.tokenUrl) } : credential;
  const source = secretOf(credential);
  if (!("command" in source)) return shown;
  const command = { ...source, command: [source.command[0], ...source.command.slice(1).map(() => MASKED)] };
  return Object.fromEntries(
    Object.entries(shown).map(([key, value]) => [key, (value as unknown) === source ? command : value]),
  );
}

/** Some servers want a query there, and some people write a secret into it. */
function withoutQuery(url: string): string {
  const at = url.indexOf("?");
  return at === -1 ? url : `${url.slice(0, at)}?${MASKED}`;
}
