import { z } from "zod";
import { holdsPassword, PASSWORD_IN_URL } from "./password-in-url.ts";

const text = z.string().min(1).max(2048);
const path = z.string().min(1).max(4096);
const scopes = z.array(z.string().min(1).max(128)).max(200);
const names = z.array(z.string().min(1).max(128)).max(200);
const demand = z.enum(["off", "accepted", "required"]);

const claim = z.union([text, z.array(text).min(1).max(8)]);

const roles = z.strictObject({
  claim: claim.describe("Claim that holds groups or roles, a string or a list of strings."),
  map: z
    .record(z.string().min(1), z.string().min(1))
    .describe("Value of the claim to role. What is not mapped gives no role."),
});

const issuer = z.strictObject({
  issuer: z.url().describe("The authorization server, exactly as its tokens name it; https."),
  tokens: z
    .enum(["jwt", "opaque"])
    .default("jwt")
    .describe("jwt: verified here (RFC 9068). opaque: asked for (RFC 7662)."),
  algorithms: names
    .exactOptional()
    .describe("Signature algorithms accepted, of the asymmetric ones. Default: all of those."),
  audience: names.exactOptional().describe("Further exact audiences accepted beside the resource. Default: none."),
  jwksUri: z.url().exactOptional().describe("Where its keys are. Default: found by discovery."),
  introspection: z
    .strictObject({
      endpoint: z.url().exactOptional().describe("Default: found by discovery."),
      clientId: text.describe("This server's own client id at the issuer."),
      cacheMs: z
        .int()
        .min(0)
        .max(30_000)
        .exactOptional()
        .describe("Milliseconds an active token is believed. Default 10,000."),
      clientSecretFile: path.describe("File with the client secret; readable by its owner only."),
    })
    .exactOptional()
    .describe("How opaque tokens are asked about."),
  claims: z
    .strictObject({
      tenant: claim
        .exactOptional()
        .describe("Claim that names the tenant; tokens without it are refused. Default: no tenant."),
      client: claim.exactOptional().describe("Claim that names the client. Default: client_id, then azp."),
      roles: roles.exactOptional().describe("Roles by explicit mapping. Default: none."),
    })
    .exactOptional()
    .describe("What else is read from a token."),
  caFile: path.exactOptional().describe("Certificate authority of the issuer, PEM. Default: the system's."),
  privateAddresses: z
    .enum(["refuse", "allow"])
    .default("refuse")
    .describe("Whether the issuer may be at an address that is not public."),
});

const apiKey = z.strictObject({
  id: z.string().min(1).max(64).describe("Public part of the key."),
  hash: text.describe("Hash of its secret part, as `hardened-mcp api-key create` prints it."),
  subject: text.describe("Who it stands for."),
  client: text.exactOptional(),
  tenant: text.exactOptional(),
  scopes: scopes.describe("Scopes it gives."),
  roles: names.exactOptional(),
  expiresAt: z.iso
    .datetime({ offset: true })
    .exactOptional()
    .describe("Until when it is good. Default: until it is taken out."),
});

/** Who may call over HTTP. */
export const authConfig = z
  .strictObject({
    resource: z.url().describe("This server's own URI as clients write it; tokens must name it as their audience."),
    issuers: z.array(issuer).max(16).default([]).describe("Authorization servers whose tokens are accepted."),
    apiKeys: z
      .array(apiKey)
      .max(1000)
      .default([])
      .describe("Static keys for machines without an identity provider; second best."),
    resourceName: text.exactOptional().describe("Published in the metadata: a name for people."),
    resourceDocumentation: z.url().exactOptional().describe("Published in the metadata: a page for developers."),
    maxAgeS: z
      .int()
      .min(60)
      .max(31_536_000)
      .default(86_400)
      .describe("Longest time from issue to expiry of a token, in seconds."),
    dpop: demand.default("off").describe("Tokens bound to a key of the client (RFC 9449)."),
    mtls: demand.default("off").describe("Tokens bound to a client certificate (RFC 8705)."),
    clockToleranceS: z.int().min(0).max(300).default(30).describe("Seconds by which clocks may differ."),
  })
  .describe("Who is calling. Without it only this machine is served over HTTP.");

/** Where shared state lives. */
export const stateConfig = z
  .strictObject({
    url: text
      .refine((url) => !holdsPassword(url), PASSWORD_IN_URL)
      .exactOptional()
      .describe("memory:, sqlite:///path, postgres://host/db, redis://host or rediss://host. No password in it."),
    urlFile: path.exactOptional().describe("File with the URL, where it holds a password; readable by its owner only."),
    keyFile: path
      .exactOptional()
      .describe(
        "File with the key that authenticates what is stored, at least 32 bytes; the same for every replica. SQLite makes its own.",
      ),
    olderKeyFiles: z.array(path).max(8).default([]).describe("Keys of before, still accepted."),
    timeoutMs: z
      .int()
      .min(50)
      .max(60_000)
      .default(500)
      .describe(
        "Milliseconds after which the store counts as away: writes are refused then, and reads have a local limit. More where the store is far or slow.",
      ),
    expectedReplicas: z
      .int()
      .min(1)
      .max(10_000)
      .default(1)
      .describe("By how many each limit is divided while the store is away."),
    namespace: z
      .string()
      .min(1)
      .max(64)
      .default("hardened-mcp")
      .describe("Keeps deployments apart that share a store."),
    caFile: path.exactOptional().describe("Certificate authority of the store, PEM. Default: the system's."),
  })
  .describe("State that replicas share: limits, replay, revocations, switches. Default: none beyond this process.");

/** What the local user, or whoever reaches the loopback port, is given. */
export const localConfig = z
  .strictObject({
    scopes: scopes.exactOptional().describe("Default: every scope."),
    roles: names.exactOptional().describe("Default: none."),
    tenant: text.exactOptional().describe("Default: none."),
  })
  .describe("What the user on stdio, and an unauthenticated caller on loopback, is given.");

export const policyTimeZoneConfig = z
  .string()
  .min(1)
  .max(64)
  .describe("Time zone of context.time in policies, such as Europe/Berlin. Default: UTC.");
export const policyConfig = path.describe(
  "Cedar policies: a file, or a folder of *.cedar files. Default: scopes decide.",
);
export const stepUpConfig = scopes.describe(
  "Scopes a client may ask for when it needs them; the tools behind them are listed to all.",
);

export const toolsLockConfig = path.describe(
  "File with the definitions of tools, prompts and resources that were reviewed, as --write-tools-lock writes it: the start is refused where one is another. Default: none; in a project its tools.lock.json.",
);

/** Certificates, as files that are read again when they change. */
export const tlsConfig = z
  .strictObject({
    certFile: path.describe("Certificate chain, PEM."),
    keyFile: path.describe("Private key, PEM; readable by its owner only."),
    clientCaFile: path.exactOptional().describe("Certificate authority of clients, PEM."),
    clientCertificates: z
      .enum(["off", "optional", "required"])
      .default("off")
      .describe("Whether clients show a certificate."),
  })
  .describe("TLS. Needed wherever other machines can connect, unless a trusted proxy ends it.");

export const trustedProxiesConfig = z
  .array(z.string().min(1).max(64))
  .max(64)
  .describe(
    "Addresses or CIDR ranges of proxies in front, whose X-Forwarded-For is believed. Nobody else may connect then.",
  );

export type AuthConfig = z.output<typeof authConfig>;
export type StateConfig = z.output<typeof stateConfig>;
export type LocalConfig = z.output<typeof localConfig>;
export type TlsConfig = z.output<typeof tlsConfig>;
