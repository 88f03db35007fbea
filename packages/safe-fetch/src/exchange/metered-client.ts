import type { Socket } from "node:net";
import type { Client, Dispatcher, Pool } from "undici";
import { UndiciClient, UndiciPool } from "../undici.ts";

/** An exchange that wants to know how much has come for it, whatever it was. */
export interface Metered {
  /** That of the connection it is sent over. Set before the exchange begins, and again if it is sent elsewhere. */
  meter?: Meter;
  /** @param bytes off the connection since it began, parsed or not */
  onBytes(bytes: number): void;
}

/** Counts for one exchange at a time: there is no other on a connection that does not pipeline. */
export interface Meter {
  begin(exchange: Metered): void;
  end(exchange: Metered): void;
}

/**
 * A pool whose connections count what comes. Undici bounds the headers of one head, and tells of the bytes of a body; a status line,
 * 1xx answers without an end, and extensions of chunks it reads as long as they come, and says nothing (610 MiB in a second, measured).
 */
export function meteredPool(origin: string | URL, options: object): Dispatcher {
  return new UndiciPool(origin, { ...options, factory: meteredClient });
}

function meteredClient(origin: URL, options: object): Client {
  const { connect } = options as Required<Pick<Pool.Options, "connect">>;
  if (typeof connect !== "function") throw new TypeError("A connection is made by a function of ours.");
  let socket: Socket | undefined;
  let exchange: Metered | undefined;
  let from = 0;
  const meter: Meter = {
    begin(one) {
      exchange = one;
      from = socket?.bytesRead ?? 0;
    },
    end(one) {
      if (exchange === one) exchange = undefined;
    },
  };
  const client = new UndiciClient(origin, {
    ...options,
    connect(to, callback) {
      connect(to, (...result) => {
        const [, opened] = result;
        if (opened !== null) {
          socket = opened;
          // Before undici's own, so that what is too much is not parsed.
          opened.on("readable", () => exchange?.onBytes(opened.bytesRead - from));
        }
        callback(...result);
      });
    },
  });
  const dispatch = client.dispatch.bind(client);
  return Object.assign(client, {
    dispatch(request: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler & Partial<Metered>) {
      handler.meter = meter;
      return dispatch(request, handler);
    },
  });
}
