import type { Principal } from "@hardened-mcp/auth/principal";
import type { PolicyTarget } from "../policy.ts";
import type { SwitchEntry } from "./switch.ts";

/** The switches that are set, ready to be asked on every call. */
export interface Snapshot {
  readonly entries: ReadonlyMap<string, SwitchEntry>;
  readonly isReadOnly: boolean;
  isDisabled(server: string, target: Pick<PolicyTarget, "name">): boolean;
  /** Which switch keeps this caller out, if any. */
  keepsOut(principal: Principal): "client" | "subject" | undefined;
}

/** Asked by plain look-ups: no switch costs a call more because there are many. */
export function createSnapshot(entries: ReadonlyMap<string, SwitchEntry>): Snapshot {
  const tools = new Set<string>();
  const clients = new Set<string>();
  const subjects = new Map<string, Set<string>>();
  const toolsOf = new Map<string, Set<string>>();
  let isReadOnly = false;
  for (const { what } of entries.values()) {
    switch (what.kind) {
      case "tool":
        (what.server === undefined ? tools : within(toolsOf, what.server)).add(what.name);
        break;
      case "client":
        clients.add(what.client);
        break;
      case "subject":
        within(subjects, what.issuer).add(what.subject);
        break;
      case "read-only":
        isReadOnly = true;
    }
  }
  return {
    entries,
    isReadOnly,
    isDisabled: (server, { name }) => tools.has(name) || toolsOf.get(server)?.has(name) === true,
    keepsOut({ issuer, subject, client }) {
      if (subjects.get(issuer)?.has(subject) === true) return "subject";
      return client !== undefined && clients.has(client) ? "client" : undefined;
    },
  };
}

function within(sets: Map<string, Set<string>>, key: string): Set<string> {
  const known = sets.get(key);
  if (known !== undefined) return known;
  const made = new Set<string>();
  sets.set(key, made);
  return made;
}
