import type { CredentialConfig } from "../config/credential-schema.ts";
import type { BuildOptions } from "../request/build-request.ts";

/** Names that a credential is sent under: no argument may have one of them, whatever the document declares. */
export function reservedNamesOf(credential: CredentialConfig | undefined): NonNullable<BuildOptions["reserved"]> {
  if (credential?.type !== "api_key") return { headers: ["authorization"] };
  return credential.in === "header" ? { headers: [credential.name.toLowerCase()] } : { query: [credential.name] };
}
