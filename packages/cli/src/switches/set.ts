import { createSwitches, type Switch, type Switches, type SwitchReason } from "@hardened-mcp/policy";
import type { Command } from "../command.ts";
import { exit, UsageError } from "../exit.ts";
import { refusePositionals } from "../flags.ts";
import { durationFlag } from "../input/duration.ts";
import { operator } from "../input/operator.ts";
import { asciiJson, printable } from "../printable.ts";
import { STATE_EXITS, STATE_HELP, STATE_OPTIONS } from "../state/options.ts";
import { namespaceOf, withStore } from "../state/with-store.ts";
import { readBack } from "./readable.ts";
import { nameSwitch, WHICH_HELP, WHICH_OPTIONS, whichSwitch } from "./which.ts";

const BOUNDS = { min: "1s", max: "3650d" } as const;

export const switchesSet: Command = {
  help: `Sets a switch: in force on every server of the namespace with the next call, and on record there. A tool that
no server has is accepted, since it may be another version's: look at the name twice.

${WHICH_HELP}
  --why TEXT      for whoever finds it set
  --for DURATION  clears itself after 90s, 30m, 2h or 7d; default: when it is cleared

Who sets it is the user of the operating system; nothing else can be said. A switch that is set already gets the new
why, who and time.
${STATE_HELP}${STATE_EXITS}`,
  options: { ...STATE_OPTIONS, ...WHICH_OPTIONS, why: { type: "string" }, for: { type: "string" } },
  async run(flags, out) {
    refusePositionals(flags);
    const what = whichSwitch(flags);
    const forMs = durationFlag(flags, BOUNDS);
    const by = { who: operator(), why: flags.required("why"), ...(forMs === undefined ? {} : { forMs }) };
    await withStore(flags, async (store) => {
      const switches = createSwitches({ store });
      await set(switches, what, by);
      await readBack(switches, "Set");
    });
    const namespace = namespaceOf(flags);
    out.write(
      flags.given("json")
        ? asciiJson({ namespace, set: what, who: by.who })
        : `set in ${printable(namespace)}: ${nameSwitch(what)}\n`,
    );
    return exit.ok;
  },
};

/** What is too long for a switch is known to the switches alone. */
async function set(switches: Switches, what: Switch, by: SwitchReason): Promise<void> {
  try {
    await switches.set(what, by);
  } catch (error) {
    if (error instanceof TypeError) throw new UsageError(error.message);
    throw error;
  }
}
