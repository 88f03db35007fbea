import type { SecretSource } from "../../config/credential-schema.ts";
import { openCommandSecret } from "./command-secret.ts";
import { openFileSecret } from "./file-secret.ts";
import type { Secret, SecretContext } from "./secret.ts";

/** @throws {ConfigError} a file that cannot be used, at the start already */
export function openSecret(source: SecretSource, context: SecretContext): Secret {
  return "file" in source ? openFileSecret(source.file, context) : openCommandSecret(source, context);
}
