import { z } from "zod";
import { headerName, path, privateAddresses, whole } from "./words.ts";

/** Where a secret comes from. Never the configuration itself: copies of it end up in logs and repositories. */
export const secretSource = z
  .union([
    z.strictObject({
      file: path.describe("File of mode 600 with the secret on one line; read again when it changes."),
    }),
    z.strictObject({
      command: z
        .array(z.string().min(1).max(4096))
        .min(1)
        .max(64)
        .describe("Program and arguments, run without a shell; what it prints, without the line end, is the secret."),
      keepMs: whole(86_400_000).default(300_000).describe("Milliseconds its answer is kept."),
      timeoutMs: whole(60_000).default(10_000).describe("Milliseconds it may take."),
    }),
  ])
  .describe("Where the secret comes from.");
export type SecretSource = z.output<typeof secretSource>;

const tokenEndpoint = {
  tokenUrl: z
    .url({ protocol: /^https?$/ })
    .max(2048)
    .describe("Token endpoint of the authorization server."),
  privateAddresses: privateAddresses.default("refuse"),
  caFile: path.exactOptional().describe("Authorities to trust for it, PEM. Default: those of Node."),
  clientId: z.string().min(1).max(512).describe("This server's client id there."),
  clientSecret: secretSource,
  clientAuthentication: z
    .enum(["client_secret_basic", "client_secret_post"])
    .default("client_secret_basic")
    .describe("How the client proves itself (RFC 6749, section 2.3.1)."),
  scopes: z.array(z.string().min(1).max(256)).max(64).default([]).describe("Scopes asked for."),
  resource: z.url().max(2048).exactOptional().describe("Resource indicator (RFC 8707)."),
  audience: z.string().min(1).max(2048).exactOptional().describe("Audience, where the server wants one."),
};

/** How an API is told who asks. Added when a request is sent, and for the API's own origin only. */
export const credentialConfig = z
  .discriminatedUnion("type", [
    z.strictObject({ type: z.literal("bearer").describe("Authorization: Bearer (RFC 6750)."), token: secretSource }),
    z.strictObject({
      type: z.literal("api_key").describe("A key in a header or a query parameter."),
      in: z.enum(["header", "query"]).default("header").describe("Where the key goes."),
      name: headerName.describe("Name of the header or parameter, such as X-API-Key."),
      prefix: z.string().max(32).default("").describe("Put in front of the key."),
      key: secretSource,
    }),
    z.strictObject({
      type: z.literal("basic").describe("Authorization: Basic (RFC 7617)."),
      username: z.string().min(1).max(512).describe("User name; no colon."),
      password: secretSource,
    }),
    z.strictObject({
      type: z.literal("client_credentials").describe("OAuth 2.0 client credentials (RFC 6749, section 4.4)."),
      ...tokenEndpoint,
    }),
    z.strictObject({
      type: z
        .literal("token_exchange")
        .describe(
          "The caller's token exchanged for one of the API's (RFC 8693). The caller's own is never sent to the API.",
        ),
      ...tokenEndpoint,
    }),
  ])
  .describe("Credential for this API. Never from the model, and never sent elsewhere.");
export type CredentialConfig = z.output<typeof credentialConfig>;
