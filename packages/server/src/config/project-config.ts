import { z } from "zod";
import type { ServerOptions } from "../options.ts";
import { commonKeys, limitsConfig, redactOptions } from "./common-schema.ts";

const projectKeys = {
  limits: limitsConfig("Bytes of text in one answer.").prefault({}).describe("Bounds of every call."),
  markUntrusted: z.boolean().default(true).describe("Wrap what tools answer in a mark that says it is data."),
  ...commonKeys,
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

/** What `createServer` takes from the part of a configuration that every server has. */
export function projectOptions(
  config: ProjectConfig,
): Pick<ServerOptions, "limits" | "redact" | "markUntrusted" | "enable"> {
  return {
    limits: config.limits,
    redact: redactOptions(config.redact),
    markUntrusted: config.markUntrusted,
    enable: config.allowWrite ? ["write", "destroy", "external"] : [],
  };
}
