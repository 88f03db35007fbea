import { createSwitches, type SwitchEntry } from "@hardened-mcp/policy";
import type { Command } from "../command.ts";
import { exit } from "../exit.ts";
import { refusePositionals } from "../flags.ts";
import { isoTime } from "../input/instant.ts";
import { asciiJson, printable } from "../printable.ts";
import { STATE_EXITS, STATE_HELP, STATE_OPTIONS } from "../state/options.ts";
import { namespaceOf, withStore } from "../state/with-store.ts";
import { readSwitches } from "./readable.ts";
import { nameSwitch } from "./which.ts";

export const switchesList: Command = {
  help: `Prints the switches that are set, oldest first, with who set them and why.
${STATE_HELP}${STATE_EXITS}`,
  options: STATE_OPTIONS,
  async run(flags, out) {
    refusePositionals(flags);
    const namespace = namespaceOf(flags);
    const entries = await withStore(flags, async (store) => {
      const switches = createSwitches({ store });
      await readSwitches(switches);
      return switches.list();
    });
    out.write(flags.given("json") ? asciiJson({ namespace, switches: entries.map(plain) }) : text(namespace, entries));
    return exit.ok;
  },
};

function plain({ what, who, why, at }: SwitchEntry): object {
  return { what, who, why, at: isoTime(at) };
}

function text(namespace: string, entries: readonly SwitchEntry[]): string {
  const head = `${entries.length === 1 ? "1 switch" : `${entries.length} switches`} set in ${printable(namespace)}`;
  const rows = entries.map(
    ({ what, who, why, at }) => `${nameSwitch(what)}\n  by ${printable(who)}, ${isoTime(at)}: ${printable(why)}`,
  );
  return `${[head, ...rows].join("\n")}\n`;
}
