import type { AuditEvent } from "@hardened-mcp/audit";
import type { JSONRPCMessage } from "@modelcontextprotocol/server";
import type { PublicError } from "../call/answer.ts";
import { newReference } from "../call/state.ts";
import type { ErrorCode } from "../errors/table.ts";
import { ERRORS } from "../errors/table.ts";
import { quietly } from "../log/quietly.ts";
import type { GuardedServer } from "../server.ts";

/** One message or request turned away before it became a call. */
export interface Rejection {
  readonly code: ErrorCode;
  /** A short fixed word for the record and the metrics, such as `host` or `bad_json`. */
  readonly reason: string;
  /** For the client. */
  readonly message: string;
  /** More for the record; strings that a client sent are escaped and cut by the log. */
  readonly detail?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly type?: Extract<AuditEvent, { type: "entry.rejected" | "auth.failed" }>["type"];
}

/**
 * Puts a rejection on record and returns what the client may know of it. Nothing runs for a rejected message, so its
 * record need not be on disk before the answer; it follows within 100 ms.
 */
export function rejectEntry(server: GuardedServer, transport: "stdio" | "http", rejection: Rejection): PublicError {
  const ref = newReference();
  const { code, reason, message } = rejection;
  const details = printable(rejection.detail ?? {});
  server.guard.metrics.rejected(reason);
  try {
    server.guard.audit.write({
      type: rejection.type ?? "entry.rejected",
      ref,
      decision: { effect: "deny", step: "entry", rule: reason, code },
      detail: { transport, ...details },
    });
  } catch (error) {
    // The message stays rejected either way; a dead audit log stops every call at the path.
    quietly(() => server.log.fatal({ ref, err: error }, "the audit log cannot be written"));
  }
  // After the record: a log that fails must not cost it.
  quietly(() => server.log.info({ ref, code, reason, transport, ...details }, "entry rejected"));
  return { code, message, ref, retryable: ERRORS[code].retryable };
}

const MAX_DETAIL = 256;

/** What a client sent, safe to print: cut short, and everything but printable ASCII escaped (CWE-117). */
function printable(detail: NonNullable<Rejection["detail"]>): NonNullable<Rejection["detail"]> {
  const entries = Object.entries(detail).map(([key, value]) => [
    key,
    typeof value === "string" ? escaped(value) : value,
  ]);
  return Object.fromEntries(entries) as NonNullable<Rejection["detail"]>;
}

function escaped(text: string): string {
  const cut = text.length > MAX_DETAIL ? `${text.slice(0, MAX_DETAIL)}...` : text;
  return cut.replaceAll(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/**
 * Puts on record what the protocol layer answers by itself: an unknown method, a bad envelope, a wrong revision. Errors
 * that carry a reference of ours have been through the door, or were rejected at the entry, and are on record already.
 */
export function recordProtocolError(
  server: GuardedServer,
  transport: "stdio" | "http",
  message: JSONRPCMessage,
): boolean {
  if (!("error" in message)) return false;
  const { code, data, message: text } = message.error;
  if ((data as { error?: { ref?: unknown } } | undefined)?.error?.ref !== undefined) return false;
  rejectEntry(server, transport, { code: "invalid_input", reason: "protocol", message: text, detail: { rpc: code } });
  return true;
}
