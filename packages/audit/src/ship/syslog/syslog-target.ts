import type { SyslogSettings } from "../options/target-options.ts";
import { shipDefaults } from "../ship-defaults.ts";
import { within } from "../target/deadline.ts";
import type { Target } from "../target/target.ts";
import { type Connection, openConnection } from "./connection.ts";
import { syslogFrame } from "./message.ts";

/**
 * Sends RFC 5424 messages over TLS, octet-counted (RFC 5425). Own code: the clients on npm that speak TLS end a message
 * at a line feed, and none lets the caller wait for a connection to outlive what was written to it.
 *
 * Syslog has no acknowledgement. A batch counts as received once it was written and the connection has lived for
 * `settleMs` after: a connection that the receiver had closed or reset shows by then, and the batch is sent again.
 */
export function syslogTarget(settings: SyslogSettings): Target {
  const { settleMs, timeoutMs } = settings;
  let connection: Connection | undefined;
  let opening: { destroy(): void } | undefined;
  let idle: NodeJS.Timeout | undefined;

  const breakOff = (): void => {
    clearTimeout(idle);
    opening?.destroy();
    connection = undefined;
  };

  const disconnect = (): void => {
    connection?.end();
    connection = undefined;
    clearTimeout(idle);
  };

  const connected = async (): Promise<Connection> => {
    if (connection !== undefined && connection.ended === undefined) return connection;
    const attempt = openConnection(settings);
    opening = attempt;
    connection = await attempt.opened;
    return connection;
  };

  return {
    batchRecords: shipDefaults.syslogBatchRecords,
    close: disconnect,
    async send(items, signal) {
      clearTimeout(idle);
      const now = Date.now();
      const bytes = Buffer.from(items.map((item) => syslogFrame(item, settings, now)).join(""), "latin1");
      try {
        await within(
          timeoutMs + settleMs,
          signal,
          async () => {
            const open = await connected();
            await open.write(bytes);
            await open.survive(settleMs);
          },
          breakOff,
        );
      } catch (error) {
        breakOff();
        throw error;
      }
      idle = setTimeout(disconnect, shipDefaults.idleMs);
      return { rejected: 0 };
    },
  };
}
