import { ConfigError } from "@hardened-mcp/server";
import type { ApiConfig } from "./api-schema.ts";
import { baseUrlOf } from "./base-url.ts";
import { isInTheClear } from "./clear-text.ts";
import { refuseUnfitHeaders } from "./headers.ts";
import type { HttpApiConfig } from "./schema.ts";

/**
 * What a schema cannot say of an API.
 *
 * @throws {ConfigError} it has neither document nor operations; a URL, header or credential that is not safe or cannot work; a deadline
 * that would never be reached
 */
export function checkApi(name: string, api: ApiConfig, limits: HttpApiConfig["limits"]): void {
  if (api.spec === undefined && Object.keys(api.tools).length === 0) {
    throw new ConfigError(
      `apis.${name} has neither a document (apis.${name}.spec${name === "api" ? ", or --spec" : ""}) nor operations of its own (apis.${name}.tools).`,
    );
  }
  // Where a document may still name the server, the rest is for later.
  const mayBeDocumented = api.spec !== undefined && api.credential === undefined && api.tls?.certFile === undefined;
  if (api.baseUrl !== undefined || !mayBeDocumented) baseUrlOf(name, api, undefined);
  refuseUnfitHeaders(name, api);
  refuseUnfitCredential(name, api);
  refuseUnreachedDeadlines(name, api, limits);
}

function refuseUnfitCredential(name: string, { credential }: ApiConfig): void {
  if (credential === undefined) return;
  const key = `apis.${name}.credential`;
  if (credential.type === "basic" && /[:\p{Cc}]/u.test(credential.username)) {
    throw new ConfigError(
      `${key}.username holds a colon or a control character, which no server can tell from its end (RFC 7617).`,
    );
  }
  if (!("tokenUrl" in credential)) return;
  const url = new URL(credential.tokenUrl);
  if (url.username !== "" || url.password !== "" || url.hash !== "") {
    throw new ConfigError(
      `${key}.tokenUrl holds a user name, a password or a fragment. The secret belongs into clientSecret.`,
    );
  }
  if (isInTheClear(url, credential.privateAddresses)) {
    throw new ConfigError(
      `${key}.tokenUrl is http, and the client's secret would be sent in the clear. Use https; for a host of your own network, say so with ${key}.privateAddresses.`,
    );
  }
}

/**
 * A call ends at `limits.deadlineMs` whatever one operation may take: a longer one of its own is a mistake, and would come to light in the
 * worst moment. What holds for a whole API has a default, and is simply cut short by it.
 */
function refuseUnreachedDeadlines(name: string, api: ApiConfig, { deadlineMs: most }: HttpApiConfig["limits"]): void {
  const own = [
    ...Object.entries(api.operations.set).map(([id, set]) => [`operations.set[${JSON.stringify(id)}]`, set] as const),
    ...Object.entries(api.tools).map(([tool, set]) => [`tools.${tool}`, set] as const),
  ];
  const unreached = own.find(([, { deadlineMs }]) => deadlineMs !== undefined && deadlineMs > most);
  if (unreached === undefined) return;
  throw new ConfigError(
    `apis.${name}.${unreached[0]}.deadlineMs is longer than limits.deadlineMs (${most}), at which every call ends. Raise that, or lower this.`,
  );
}
