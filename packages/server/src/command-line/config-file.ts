import { readFileSync, statSync } from "node:fs";
import { resolvePath } from "../config/secret-file.ts";
import { ConfigError } from "../errors/config-error.ts";
import { CONFIG_VARIABLE } from "./environment.ts";
import type { CommonFlags } from "./flags.ts";

/** A configuration before its schema has seen it. */
export type Draft = Record<string, unknown>;

/** The file that the configuration is read from, if there is one. */
export function configFile({ config }: CommonFlags, environment: NodeJS.ProcessEnv): string | undefined {
  const file = config ?? environment[CONFIG_VARIABLE];
  return file === undefined ? undefined : resolvePath(file);
}

/** @throws {ConfigError} it cannot be read, is not one JSON object, or everybody can write it */
export function readConfigFile(path: string): Draft {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
    // It says who may call: whoever can write it can let themselves in.
    if (process.platform !== "win32" && (statSync(path).mode & 0o002) !== 0) {
      throw new ConfigError(
        `The configuration file ${path} can be written by everybody. Take that right away: chmod o-w ${path}`,
      );
    }
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    throw new ConfigError(`The configuration file ${path} cannot be read.`, { cause: error });
  }
  let draft: unknown;
  try {
    draft = JSON.parse(text);
  } catch (error) {
    throw new ConfigError(`The configuration file ${path} is not JSON${placeOf(error)}.`);
  }
  if (typeof draft !== "object" || draft === null || Array.isArray(draft)) {
    throw new ConfigError(`The configuration file ${path} must hold one JSON object.`);
  }
  // `$schema` is how editors find the published schema; it is no key of ours.
  const { $schema: _, ...keys } = draft as Draft;
  return keys;
}

/** Where the parser stopped, where it says so. Its own words quote what stands there, which may be a secret in the wrong place. */
function placeOf(error: unknown): string {
  const place = /\(line (\d{1,9}) column (\d{1,9})\)$/.exec((error as Error).message);
  return place === null ? "" : `: see line ${place[1]}, column ${place[2]}`;
}
