import type { Redis, RedisOptions } from "ioredis";
import { withDeadline } from "../breaker/deadline.ts";
import { loadPeer } from "../open/load-peer.ts";
import type { StateSettings } from "../open/options.ts";
import type { Address } from "../open/parse-url.ts";
import { refusePlaintext } from "../open/plaintext.ts";
import { tlsOptions } from "../open/tls-options.ts";
import { refuseEviction } from "./eviction.ts";
import { SCRIPTS } from "./scripts.ts";

/** Connects, and makes sure that this Redis keeps what it is given. */
export async function connectRedis(address: Address, settings: StateSettings): Promise<Redis> {
  const allowed = settings.dangerouslyAllowPlaintext ?? false;
  refusePlaintext(address, "Write rediss:// instead of redis://.", allowed);
  const { Redis: Client } = await loadPeer("ioredis", () => import("ioredis"));
  const redis = new Client(redisOptions(address, settings));
  let reason: unknown;
  // Every failed attempt to reconnect; without a listener it would go to the console. The next operation notices.
  redis.on("error", (error) => {
    reason = error;
  });
  try {
    await withDeadline(redis.connect(), settings.connectTimeoutMs);
    if (!settings.dangerouslyAllowEviction) await withDeadline(refuseEviction(redis), settings.timeoutMs);
    return redis;
  } catch (error) {
    redis.disconnect();
    // connect() only says that the connection was closed; why (a wrong password) came with the event.
    throw reason instanceof Error && !(error instanceof Error && error.name === "StateError") ? reason : error;
  }
}

function redisOptions(address: Address, settings: StateSettings): Omit<RedisOptions, "replyMapping"> {
  const { host, port, user, password, database, tls } = address;
  return {
    ...(host.startsWith("/") ? { path: host } : { host, port }),
    ...(user !== undefined && { username: user }),
    ...(password !== undefined && { password }),
    db: Number(database),
    ...(tls && { tls: tlsOptions(host, settings) }),
    lazyConnect: true,
    connectTimeout: settings.connectTimeoutMs,
    scripts: SCRIPTS,
    // No write of ours happens later than its caller was told it failed: nothing waits for a connection, nothing is sent again.
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    retryStrategy: () => Math.max(10, Math.floor(settings.probeMs / 2)),
    // A connection whose other end vanished answers nothing, ever: drop it and make a new one.
    socketTimeout: settings.timeoutMs * 2,
  };
}
