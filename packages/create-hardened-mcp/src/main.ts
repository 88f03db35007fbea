import { fileURLToPath } from "node:url";
import { UsageError } from "@hardened-mcp/server/flags";
import { create } from "./create.ts";
import { refuseEatenFlags } from "./options/eaten-flags.ts";
import { parseFlags } from "./options/flags.ts";
import { helpText } from "./say/help.ts";
import { bearClosedStreams, complain, say } from "./say/streams.ts";
import { jsonOf } from "./say/visible.ts";
import { EXIT, Stop } from "./stop.ts";
import { readVersions } from "./template/files.ts";

/** Beside the bundle. */
const TEMPLATES = fileURLToPath(new URL("./templates", import.meta.url));

const NOTHING = "Nothing was made.";

/** The command. @returns its exit code; why it failed is on standard error */
export async function main(argv: readonly string[], environment: NodeJS.ProcessEnv): Promise<number> {
  bearClosedStreams();
  try {
    refuseEatenFlags(environment);
    const flags = parseFlags(argv);
    if (flags.help) await say(flags.json ? jsonOf({ help: helpText() }) : helpText(), NOTHING);
    else if (flags.version) await say(flags.json ? jsonOf(versionOf()) : `${versionOf().version}\n`, NOTHING);
    else await create(flags, { environment, templates: TEMPLATES });
    return 0;
  } catch (error) {
    complain(error instanceof Error ? error.message : String(error));
    return error instanceof Stop || error instanceof UsageError ? error.exitCode : EXIT.failure;
  }
}

function versionOf(): { readonly version: string } {
  return { version: readVersions(TEMPLATES).version };
}
