import { ConfigError } from "@hardened-mcp/server";
import { isForbiddenHeader } from "../request/reserved-names.ts";
import type { ApiConfig } from "./api-schema.ts";

/** Names under which secrets are sent. */
const SECRET_LIKE =
  /(?:^|[-_])(?:auth|authorization|cookie|token|secret|password|passwd|session|signature|jwt|apikey|key)(?:$|[-_])|(?:token|secret|password|apikey|accesskey)$/i;
/** RFC 9110, section 5.5, without obs-text, and without a blank at either end, which would not arrive. */
const FIELD_VALUE = /^(?:[\x21-\x7e](?:[\t\x20-\x7e]*[\x21-\x7e])?)?$/;

/** @throws {ConfigError} a header of an API that cannot be sent, is not the configuration's to set, or looks like a secret */
export function refuseUnfitHeaders(name: string, { headers, credential }: ApiConfig): void {
  const seen = new Set<string>();
  const sent = credential?.type === "api_key" && credential.in === "header" ? credential.name.toLowerCase() : undefined;
  if (sent !== undefined && sent !== "authorization" && isForbiddenHeader(sent)) {
    throw new ConfigError(
      `apis.${name}.credential.name: no key can be sent as ${sent}, which is a header of the connection.`,
    );
  }
  for (const [header, value] of Object.entries(headers)) {
    const key = `apis.${name}.headers.${header}`;
    const lower = header.toLowerCase();
    if (seen.has(lower)) throw new ConfigError(`${key} is there twice, in another spelling.`);
    seen.add(lower);
    if (lower === sent || SECRET_LIKE.test(header)) {
      throw new ConfigError(
        `${key} looks like a secret, and copies of a configuration end up in logs. Name it in apis.${name}.credential, as a file or a command.`,
      );
    }
    if (isForbiddenHeader(lower)) {
      throw new ConfigError(`${key} belongs to the connection or the request, and cannot be set here.`);
    }
    if (!FIELD_VALUE.test(value))
      throw new ConfigError(`${key} is not printable ASCII, or begins or ends with a blank.`);
  }
}
