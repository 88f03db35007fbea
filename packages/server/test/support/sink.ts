import { createHash } from "node:crypto";
import type { AuditEvent } from "@hardened-mcp/audit";
import type { AuditSink } from "../../src/call/guard.ts";

/** The events that may have this type; several share one shape. */
type EventOf<T, Event = AuditEvent> = Event extends { readonly type: infer Types }
  ? [Extract<Types, T>] extends [never]
    ? never
    : Event
  : never;

/** An audit sink in memory that can be told to fail, and keeps the order of what happened. */
export interface FakeSink extends AuditSink {
  readonly events: AuditEvent[];
  /** Event types, `durable` for each sync, and whatever a test adds: in the order they happened. */
  readonly order: string[];
  /** Called before each step; throwing or rejecting is the point. */
  fail: { write?: (event: AuditEvent) => void; durable?: () => Promise<void>; digest?: () => void };
  of<T extends AuditEvent["type"]>(...types: T[]): EventOf<T>[];
  /** Resolves with the first event that `matches`, also one that comes later. */
  until(matches: (event: AuditEvent) => boolean): Promise<AuditEvent>;
}

export function createFakeSink(): FakeSink {
  const events: AuditEvent[] = [];
  const order: string[] = [];
  const waiting = new Set<(event: AuditEvent) => void>();
  const sink: FakeSink = {
    events,
    order,
    fail: {},
    write(event) {
      sink.fail.write?.(event);
      events.push(event);
      order.push(event.type);
      for (const told of [...waiting]) told(event);
      return events.length - 1;
    },
    async durable() {
      await sink.fail.durable?.();
      order.push("durable");
    },
    digest(value) {
      sink.fail.digest?.();
      const text = JSON.stringify(value) ?? "";
      return { digest: createHash("sha256").update(text).digest("base64url"), bytes: text.length };
    },
    of: (...types) => events.filter((event) => (types as string[]).includes(event.type)) as never,
    until(matches) {
      const found = events.find(matches);
      if (found !== undefined) return Promise.resolve(found);
      return new Promise((resolve) => {
        const told = (event: AuditEvent): void => {
          if (!matches(event)) return;
          waiting.delete(told);
          resolve(event);
        };
        waiting.add(told);
      });
    },
  };
  return sink;
}
