import type { SyslogSettings } from "../options/target-options.ts";
import { gapText } from "../otlp/log-record.ts";
import type { Item } from "../target/target.ts";
import { urgencyOf, viewRecord } from "../view/record-view.ts";

/** RFC 5424, table 2. */
const SEVERITY = { error: 3, warning: 4, info: 6 } as const;

type MessageSettings = Pick<SyslogSettings, "facility" | "enterprise" | "hostname" | "maxMessageBytes">;

/**
 * An item as one frame of RFC 5425: length, space, message of RFC 5424. MSG is the record's line, byte for byte.
 *
 * A message that would be too long is cut, and its structured data says `cut="1"`: such a record is known of, but cannot
 * be verified from what the receiver has.
 *
 * @returns pure ASCII, so that characters are bytes
 */
export function syslogFrame(item: Item, settings: MessageSettings, now: number): string {
  const { urgency, id, at, data, text } = describe(item, now);
  const priority = settings.facility * 8 + SEVERITY[urgency];
  const app = header(item.log.split("/", 1)[0] ?? "", 48);
  const head = `<${priority}>1 ${at} ${settings.hostname} ${app} - ${header(id, 32)} `;
  const message = `${head}${structured(settings.enterprise, data)} ${text}`;
  if (message.length <= settings.maxMessageBytes) return `${message.length} ${message}`;
  const cut = `${head}${structured(settings.enterprise, { ...data, cut: 1 })} ${text}`;
  return `${settings.maxMessageBytes} ${cut.slice(0, settings.maxMessageBytes)}`;
}

interface Description {
  readonly urgency: keyof typeof SEVERITY;
  readonly id: string;
  readonly at: string;
  readonly data: Readonly<Record<string, string | number>>;
  readonly text: string;
}

function describe(item: Item, now: number): Description {
  const at = new Date(now).toISOString();
  const { log } = item;
  switch (item.kind) {
    case "record": {
      const view = viewRecord(item.line);
      const data = { log, seq: item.seq, hash: item.hash };
      return { urgency: urgencyOf(view), id: view.type, at: timestamp(view.ts), data, text: item.line };
    }
    case "note":
      // A receiver may end a message at a line feed: as a JSON string, the note stays one line and comes back exactly.
      return { urgency: "info", id: "checkpoint", at, data: { log, size: item.size }, text: asciiJson(item.note) };
    case "gap": {
      const { code, from, to } = item;
      return { urgency: "error", id: "gap", at, data: { log, reason: code, from, to }, text: gapText(item) };
    }
  }
}

/** A time of a forged record may be anything; then there is none. */
function timestamp(ts: string): string {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(ts) ? ts : "-";
}

/** Printable ASCII without space, or nothing. */
function header(text: string, max: number): string {
  return text.replaceAll(/[^!-~]/g, "").slice(0, max) || "-";
}

function structured(enterprise: number, data: Description["data"]): string {
  const fields = Object.entries(data).map(([name, value]) => ` ${name}="${escaped(String(value))}"`);
  return `[hardened-mcp@${enterprise}${fields.join("")}]`;
}

/** RFC 5424, section 6.3.3. */
function escaped(value: string): string {
  return value.replaceAll(/[^ -~]/g, "?").replaceAll(/["\\\]]/g, "\\$&");
}

function asciiJson(text: string): string {
  return JSON.stringify(text).replaceAll(/[^ -~]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
