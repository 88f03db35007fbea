import type { Authenticator, IssuerOptions } from "@hardened-mcp/auth";
import type { StateStore } from "@hardened-mcp/state";
import { ConfigError } from "../errors/config-error.ts";
import type { Recorder } from "./recorder.ts";
import type { AuthConfig } from "./schema.ts";
import { readPublicFile, readSecretText } from "./secret-file.ts";

const MAX_REVOCABLE_S = 31 * 86_400;

/**
 * The authenticator that a configuration describes.
 *
 * @param store shared state; without it revocations need a restart, and used proofs are remembered by this process alone
 * @throws {ConfigError} what it names cannot be used
 */
export async function openAuthenticator(
  config: AuthConfig,
  store: StateStore | undefined,
  recorder: Recorder,
): Promise<Authenticator> {
  const { AuthConfigError, createAuthenticator, createRevocations } = await import("@hardened-mcp/auth");
  const { memoryStore } = await import("@hardened-mcp/state");
  const { issuers, clockToleranceS, maxAgeS } = config;
  if (store !== undefined && maxAgeS > MAX_REVOCABLE_S) {
    throw new ConfigError(
      `auth.maxAgeS: with shared state at most ${MAX_REVOCABLE_S} (31 days), since a revocation is kept as long as a token can live.`,
    );
  }
  try {
    return await createAuthenticator({
      ...config,
      issuers: issuers.map(issuerOptions),
      state: store ?? memoryStore(),
      ...(store === undefined
        ? {}
        : { revocations: createRevocations(store, { clockToleranceS, maxTokenLifeS: maxAgeS }) }),
      onTrouble: recorder.trouble,
    });
  } catch (error) {
    if (error instanceof AuthConfigError) throw new ConfigError(error.message, { cause: error });
    throw error;
  }
}

function issuerOptions({ caFile, introspection, algorithms, ...issuer }: AuthConfig["issuers"][number]): IssuerOptions {
  return {
    ...issuer,
    ...(caFile === undefined ? {} : { ca: readPublicFile(caFile, "auth.issuers.caFile").toString("utf8") }),
    ...(introspection === undefined ? {} : { introspection: introspectionOptions(introspection) }),
    // Names that do not exist are refused by the package that knows them.
    ...(algorithms === undefined ? {} : { algorithms: algorithms as NonNullable<IssuerOptions["algorithms"]> }),
  };
}

function introspectionOptions({
  clientSecretFile,
  ...options
}: NonNullable<AuthConfig["issuers"][number]["introspection"]>): NonNullable<IssuerOptions["introspection"]> {
  const read = (): string => readSecretText(clientSecretFile, "auth.issuers.introspection.clientSecretFile");
  // Once now, so that a missing file is found at start; then each time, so that a secret can be rotated.
  read();
  return { ...options, clientSecret: read };
}

/** The files that hold secrets, for whoever must not serve them. */
export function authFiles(config: AuthConfig | undefined): readonly string[] {
  return (config?.issuers ?? []).flatMap(({ introspection }) => introspection?.clientSecretFile ?? []);
}
