import { createSwitches, type Switch, type Switches } from "@hardened-mcp/policy";
import type { Command } from "../command.ts";
import { exit, Failure, UsageError } from "../exit.ts";
import { refusePositionals } from "../flags.ts";
import { asciiJson, printable } from "../printable.ts";
import { STATE_EXITS, STATE_HELP, STATE_OPTIONS } from "../state/options.ts";
import { namespaceOf, withStore } from "../state/with-store.ts";
import { readBack } from "./readable.ts";
import { nameSwitch, WHICH_HELP, WHICH_OPTIONS, whichSwitch } from "./which.ts";

export const switchesClear: Command = {
  help: `Clears a switch, named exactly as it was set; \`switches list\` shows how. Removes a forged entry in its place, too.

${WHICH_HELP}${STATE_HELP}${STATE_EXITS}It also ends with 1 where no such switch was set.
`,
  options: { ...STATE_OPTIONS, ...WHICH_OPTIONS },
  async run(flags, out) {
    refusePositionals(flags);
    const what = whichSwitch(flags);
    const namespace = namespaceOf(flags);
    const was = await withStore(flags, async (store) => {
      const switches = createSwitches({ store });
      const found = await clear(switches, what);
      if (found) await readBack(switches, "Cleared");
      return found;
    });
    // A name with a slip in it must not pass for a switch that is cleared.
    if (!was) throw new Failure(exit.failure, `not set in ${namespace}: ${nameSwitch(what)}`);
    out.write(
      flags.given("json")
        ? asciiJson({ namespace, cleared: what })
        : `cleared in ${printable(namespace)}: ${nameSwitch(what)}\n`,
    );
    return exit.ok;
  },
};

async function clear(switches: Switches, what: Switch): Promise<boolean> {
  try {
    return await switches.clear(what);
  } catch (error) {
    if (error instanceof TypeError) throw new UsageError(error.message);
    throw error;
  }
}
