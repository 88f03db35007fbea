import type { CedarValue } from "../engine.ts";
import { TIME, WEEKDAYS } from "../schema/vocabulary.ts";

/** Tells the time to policies. */
export interface Clock {
  /** `context.now`, and `context.time` as the wall clock of the time zone shows it. */
  read(): { readonly now: CedarValue; readonly time: CedarValue };
}

const MINUTE = 60_000;

/**
 * @param now milliseconds since the epoch
 * @param timeZone IANA name, such as `Europe/Berlin`; summer time is its own affair
 * @throws {RangeError} no such time zone
 */
export function createClock(now: () => number, timeZone: string): Clock {
  const wallClock = timeZone === "UTC" ? utc : zoned(timeZone);
  let minute = Number.NaN;
  let time: CedarValue = {};
  return {
    read() {
      const at = now();
      // Formatting costs more than the rest of a decision, and the answer is the same for a minute.
      if (Math.floor(at / MINUTE) !== minute) {
        minute = Math.floor(at / MINUTE);
        time = wallClock(at);
      }
      return { now: { __extn: { fn: "datetime", arg: new Date(at).toISOString() } }, time };
    },
  };
}

/** Without the tables of time zones, which take longer to load than policies do. Sunday is 0 there, and last here. */
function utc(at: number): CedarValue {
  const date = new Date(at);
  return {
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    weekday: weekdayOf(WEEKDAYS[(date.getUTCDay() + 6) % 7]),
  };
}

function zoned(timeZone: string): (at: number) => CedarValue {
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    hourCycle: "h23",
    hour: "numeric",
    minute: "numeric",
    weekday: "long",
  });
  return (at) => {
    const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, value]));
    const weekday = weekdayOf(parts.get("weekday")?.toLowerCase());
    return { hour: Number(parts.get("hour")), minute: Number(parts.get("minute")), weekday };
  };
}

function weekdayOf(name: string | undefined): string {
  const weekday = WEEKDAYS.find((day) => day === name);
  if (weekday === undefined) throw new RangeError("The time has no weekday.");
  return weekday;
}

/** Names of {@link TIME}, for messages. */
export const TIME_FIELDS: readonly string[] = [...TIME.fields.keys()];
