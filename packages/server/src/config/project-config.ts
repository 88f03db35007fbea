import { z } from "zod";
import { ConfigError } from "../errors/config-error.ts";
import type { ServerOptions } from "../options.ts";
import { commonKeys, limitsConfig, redactOptions } from "./common-schema.ts";
import { policyConfig } from "./schema.ts";

const projectKeys = {
  limits: limitsConfig("Bytes of text in one answer.").prefault({}).describe("Bounds of every call."),
  markUntrusted: z.boolean().default(true).describe("Wrap what tools answer in a mark that says it is data."),
  ...commonKeys,
  // Not only where the file names it: a key that was deleted would leave scopes alone to decide, and nobody would see it.
  policy: policyConfig.default("policy").describe("Cedar policies: a file, or a folder of *.cedar files."),
  allowWrite: z.boolean().default(false).describe("Offer the tools that change something. On the command line only."),
};

const projectSchema = z.strictObject(projectKeys);

/** The part of a project's configuration that every server has. */
export type ProjectConfig = z.output<typeof projectSchema>;

/**
 * The configuration of a project's server: its own keys and those that every server has. Unknown keys are errors.
 *
 * @param own described keys, each with a safe default where there is one
 */
export function projectConfig<Own extends z.ZodRawShape>(own: Own) {
  return z.strictObject({ ...own, ...projectKeys });
}

/** Shorter ones would turn ordinary words into marks. */
const MIN_SECRET_LENGTH = 6;

/**
 * What `createServer` takes from the part of a configuration that every server has.
 *
 * @param secrets this server's own, such as the token of an API it asks: masked wherever they stand in what leaves, whatever the
 *   configuration says of secrets of well-known shape
 * @throws {ConfigError} a secret of fewer than six characters: it cannot be told from ordinary text
 */
export function projectOptions(
  config: ProjectConfig,
  secrets: readonly string[] = [],
): Pick<ServerOptions, "limits" | "redact" | "markUntrusted" | "enable"> {
  if (secrets.some((secret) => secret.length < MIN_SECRET_LENGTH)) {
    throw new ConfigError(`A secret of this server has fewer than ${MIN_SECRET_LENGTH} characters. Use a longer one.`);
  }
  const { secrets: shapes, ...redact } = redactOptions(config.redact);
  return {
    limits: config.limits,
    redact: { ...redact, secrets: { ...shapes, values: secrets } },
    markUntrusted: config.markUntrusted,
    enable: config.allowWrite ? ["write", "destroy", "external"] : [],
  };
}
