import { hash } from "node:crypto";
import type { SwitchChange } from "@hardened-mcp/policy";
import { quietly } from "../log/quietly.ts";
import type { SecurityContext } from "./security.ts";

/** Puts on record what changes while a server runs. */
export interface Recorder {
  /** Shared state went away, or is back. */
  state(part: string, available: boolean): void;
  /** An operator turned something off or on. A switch that cannot be recorded is not put in force. */
  switches(change: SwitchChange): void;
  /** The policies in force, by a digest of their text. */
  policies(rules: readonly { readonly id: string; readonly text: string }[], warnings: number): void;
  /** An issuer could not be asked. For the operator's log alone: it changes nothing by itself. */
  trouble(what: object): void;
}

export function createRecorder({ audit, log }: Pick<SecurityContext, "audit" | "log">): Recorder {
  return {
    state(part, available) {
      quietly(() =>
        log[available ? "info" : "error"]({ part }, available ? "shared state is back" : "shared state is away"),
      );
      // Whoever is told this has no answer to give; a dead audit log stops every call at the path.
      quietly(() => audit.write({ type: "state.changed", detail: { part, available } }));
    },
    switches({ added, removed }) {
      for (const [is, entries] of [
        ["on", added],
        ["off", removed],
      ] as const) {
        for (const { what, who, why, at } of entries) {
          const { kind, ...which } = what;
          audit.write({
            type: "switch.changed",
            detail: { switch: kind, is, ...which, who, why, at: new Date(at).toISOString() },
          });
          quietly(() => log.warn({ switch: what, is, who, why }, "an operator's switch has changed"));
        }
      }
    },
    policies(rules, warnings) {
      const digest = hash("sha256", JSON.stringify(rules.map(({ id, text }) => [id, text])), "base64url");
      audit.write({ type: "config.loaded", detail: { what: "policies", digest, rules: rules.length, warnings } });
    },
    trouble(what) {
      quietly(() => log.warn(what, "an authorization server could not be asked"));
    },
  };
}
