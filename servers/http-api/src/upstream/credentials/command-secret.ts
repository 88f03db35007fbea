import type { SecretSource } from "../../config/credential-schema.ts";
import { createKeeper, type Kept } from "./keeper.ts";
import { CommandError, runCommand } from "./run-command.ts";
import { isUsable, type Secret, type SecretContext, unusable } from "./secret.ts";

const MAX_BYTES = 64 * 1024;

type CommandSource = Extract<SecretSource, { readonly command: readonly string[] }>;

/** What a program prints, such as one that asks a vault. */
export function openCommandSecret({ command, keepMs, timeoutMs }: CommandSource, context: SecretContext): Secret {
  const keeper = createKeeper(1);

  async function run(): Promise<Kept> {
    let printed: string;
    try {
      printed = await runCommand(command, { timeoutMs, maxBytes: MAX_BYTES });
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      throw unusable(context, `${context.what}: the command ${error.message}.`);
    }
    const value = printed.replace(/\r?\n$/, "");
    if (!isUsable(value)) throw unusable(context, `${context.what}: the command did not print one line.`);
    return { value, expiresAt: Date.now() + keepMs };
  }

  return {
    value: (signal) => keeper.value("", run, signal),
    refused: (value) => keeper.refused("", value),
    values: () => keeper.values(),
  };
}
