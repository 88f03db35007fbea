import { fileURLToPath } from "node:url";
import { UsageError } from "@hardened-mcp/server/flags";
import { create } from "./create.ts";
import { refuseEatenFlags } from "./options/eaten-flags.ts";
import { parseFlags } from "./options/flags.ts";
import { helpText } from "./say/help.ts";
import { EXIT, Stop } from "./stop.ts";
import { readVersions } from "./template/files.ts";

/** Beside the bundle. */
const TEMPLATES = fileURLToPath(new URL("./templates", import.meta.url));

/** The command. @returns its exit code; why it failed is on standard error */
export async function main(argv: readonly string[], environment: NodeJS.ProcessEnv): Promise<number> {
  try {
    refuseEatenFlags(environment);
    const flags = parseFlags(argv);
    if (flags.help) process.stdout.write(helpText());
    else if (flags.version) process.stdout.write(`${readVersions(TEMPLATES).version}\n`);
    else await create(flags, { environment, templates: TEMPLATES });
    return 0;
  } catch (error) {
    process.stderr.write(`create-hardened-mcp: ${error instanceof Error ? error.message : String(error)}\n`);
    return error instanceof Stop || error instanceof UsageError ? error.exitCode : EXIT.failure;
  }
}
