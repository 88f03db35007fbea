import { createRevocations, type Revocation } from "@hardened-mcp/auth";
import type { Command } from "../command.ts";
import { exit } from "../exit.ts";
import { refusePositionals } from "../flags.ts";
import { asciiJson, printable } from "../printable.ts";
import { STATE_EXITS, STATE_HELP, STATE_OPTIONS } from "../state/options.ts";
import { namespaceOf, withStore } from "../state/with-store.ts";
import { nameTarget, plainRevocation } from "./describe.ts";

export const revocationsList: Command = {
  help: `Prints the revocations that stand, oldest first.
${STATE_HELP}${STATE_EXITS}`,
  options: STATE_OPTIONS,
  async run(flags, out) {
    refusePositionals(flags);
    const namespace = namespaceOf(flags);
    const found = await withStore(flags, async (store) => {
      const revocations = createRevocations(store);
      await revocations.refresh();
      return revocations
        .list()
        .toSorted((a, b) => a.at - b.at || nameTarget(a.target).localeCompare(nameTarget(b.target)));
    });
    out.write(
      flags.given("json") ? asciiJson({ namespace, revocations: found.map(plainRevocation) }) : text(namespace, found),
    );
    return exit.ok;
  },
};

function text(namespace: string, found: readonly Revocation[]): string {
  const head = `${found.length === 1 ? "1 revocation" : `${found.length} revocations`} in ${printable(namespace)}`;
  const rows = found.map((revocation) => {
    const { by, why, at, until } = plainRevocation(revocation);
    return `${nameTarget(revocation.target)}\n  by ${printable(by)}, ${at}, forgotten ${until}: ${printable(why)}`;
  });
  return `${[head, ...rows].join("\n")}\n`;
}
