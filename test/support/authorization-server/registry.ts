import type { ClientMetadata } from "oidc-provider";

/** What the access tokens of one resource look like. */
export interface ResourceOptions {
  /** Scopes this resource knows; others are dropped from a request. */
  readonly scopes: readonly string[];
  /** `jwt`: RFC 9068, signed with ES256. `opaque`: a random string, to be introspected. Default `jwt`. */
  readonly format?: "jwt" | "opaque";
  /** Life of an access token in seconds. Default 600. */
  readonly ttlSeconds?: number;
}

/** A person who can log in, and the claims their access tokens carry. */
export interface TestUser {
  readonly tenant: string;
  readonly groups: readonly string[];
}

/** Everyone who can log in. They type no password: whoever says to be alice is alice. */
export const TEST_USERS: Readonly<Record<string, TestUser>> = {
  alice: { tenant: "acme", groups: ["editors", "staff"] },
  bob: { tenant: "globex", groups: ["readers"] },
};

/** Where every authorization code of {@link TEST_CLIENTS} is sent; nobody listens there, the user agent stops before it. */
export const REDIRECT_URI = "http://127.0.0.1/callback";

const SECRET = "only-ever-on-loopback-0123456789";
const MACHINE = {
  client_secret: SECRET,
  token_endpoint_auth_method: "client_secret_basic",
  grant_types: ["client_credentials"],
  response_types: [],
  redirect_uris: [],
} as const satisfies Partial<ClientMetadata>;
const APP = {
  application_type: "native",
  token_endpoint_auth_method: "none",
  grant_types: ["authorization_code", "refresh_token"],
  redirect_uris: [REDIRECT_URI],
} as const satisfies Partial<ClientMetadata>;
const BOUND_TO_CERTIFICATE = { tls_client_certificate_bound_access_tokens: true } as const;

/** Clients known from the start; any other registers itself (RFC 7591) or brings a metadata document. */
export const TEST_CLIENTS = {
  /** Acts for itself. */
  machine: { client_id: "machine", ...MACHINE },
  /** Acts for itself; its tokens are bound to the certificate it shows (RFC 8705). */
  machineMtls: { client_id: "machine-mtls", ...MACHINE, ...BOUND_TO_CERTIFICATE },
  /** Acts for a user; it has no secret. */
  app: { client_id: "app", ...APP },
  /** Acts for a user; its tokens are bound to the certificate it shows. */
  appMtls: { client_id: "app-mtls", ...APP, ...BOUND_TO_CERTIFICATE },
  /** The resource server, when it introspects. */
  resourceServer: { client_id: "resource-server", ...MACHINE, grant_types: [] },
} as const satisfies Readonly<Record<string, ClientMetadata>>;
