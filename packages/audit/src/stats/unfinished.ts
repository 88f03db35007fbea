import { auditDefaults } from "../defaults.ts";
import { type LooseRecord, text } from "./read-records.ts";

/** Calls that were to happen and of which no outcome is on record. */
export interface UnfinishedCalls {
  see(record: LooseRecord): void;
  count(): number;
}

/** Bounded, like every reader of a log: beyond the bound, calls are not counted. */
export function unfinishedCalls(): UnfinishedCalls {
  const open = new Set<string>();
  return {
    see(record) {
      const ref = text(record, "ref");
      if (ref === undefined) return;
      if (record["type"] === "call.outcome") open.delete(ref);
      else if (record["type"] === "call.intent" && open.size < auditDefaults.maxOpenIntents) open.add(ref);
    },
    count: () => open.size,
  };
}
