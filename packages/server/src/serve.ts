import { ConfigError } from "./errors/config-error.ts";
import { refuseUnknownKeys } from "./errors/known-keys.ts";
import type { HttpOptions } from "./http/options.ts";
import { quietly } from "./log/quietly.ts";
import { flushStderr } from "./log/stderr.ts";
import type { Served } from "./served.ts";
import type { GuardedServer } from "./server.ts";
import { recordStart } from "./start/record-start.ts";
import type { StdioOptions } from "./stdio/serve-stdio.ts";
import { DRIFT_FLAG, TOOLS_LOCK_OPTIONS, type ToolsLockOptions } from "./tools-lock/options.ts";

/** How to serve: exactly one of `stdio` and `http`. */
export interface ServeOptions {
  readonly stdio?: StdioOptions | true;
  readonly http?: HttpOptions;
  /** Milliseconds that running calls get to finish when the server stops. Default 10,000. */
  readonly drainMs?: number;
  /**
   * The effective configuration, for the record: flat, with a digest, and masked where a name or a value looks like a
   * secret. Default: there is none.
   */
  readonly config?: unknown;
  /** The `--dangerously-` flags in force, for the log and the record. */
  readonly weakening?: readonly string[];
  /** Hold the start to the definitions that were reviewed. Default: there is no lock, and what changed is only recorded. */
  readonly toolsLock?: ToolsLockOptions;
  /** End the process after SIGTERM, SIGINT or, on stdio, the end of input. Default true. */
  readonly ownProcess?: boolean;
  /** Last things to do on the way out, such as closing the audit log. */
  readonly onStop?: () => Promise<void>;
}

const SERVE_OPTIONS: Readonly<Record<keyof ServeOptions, true>> = {
  stdio: true,
  http: true,
  drainMs: true,
  config: true,
  weakening: true,
  toolsLock: true,
  ownProcess: true,
  onStop: true,
};

/** A server in service. */
export interface Running {
  readonly address: string;
  readonly monitorAddress: string | undefined;
  /** Stops accepting, drains, flushes. Idempotent. Resolves to the exit code: 0, or 1 when something could not be flushed. */
  stop(reason: string): Promise<number>;
}

const DRAIN_MS = 10_000;
/** A client on stdio that closed its end has gone or is going; calls that are nearly done may still finish. */
const END_OF_INPUT_DRAIN_MS = 1_000;
/** A call is over when its answer is made; this is what the answer gets to leave. */
const FLUSH_MS = 2_000;
/** What the last log lines get to leave; nobody may be reading them. */
const LOG_FLUSH_MS = 200;

/**
 * Puts a server in service. The start is on record, with every tool's definition hash, the configuration and every
 * weakening flag, before the first request is read.
 *
 * @throws {ConfigError} the options are not safe to serve with; what is offered is not what was reviewed
 */
export async function serve(server: GuardedServer, options: ServeOptions): Promise<Running> {
  refuseUnknownKeys("serve", options, SERVE_OPTIONS);
  if ((options.stdio === undefined) === (options.http === undefined)) {
    throw new ConfigError("serve needs exactly one of { stdio } and { http }.");
  }
  const { toolsLock, weakening = [] } = options;
  refuseUnknownKeys("toolsLock", toolsLock, TOOLS_LOCK_OPTIONS);
  await recordStart(server, {
    transport: options.http === undefined ? "stdio" : "http",
    config: options.config,
    weakening: [...weakening, ...(toolsLock?.dangerouslyAllowDrift === true ? [DRIFT_FLAG] : [])],
    toolsLock,
  });
  const drainMs = options.drainMs ?? DRAIN_MS;
  let stopping: Promise<number> | undefined;
  let served: Served;
  const stop = (reason: string, ms = drainMs): Promise<number> => {
    stopping ??= shutDown(server, served, reason, ms, options.onStop);
    return stopping;
  };
  const end = (reason: string, ms?: number): void => {
    void stop(reason, ms).then(async (code) => {
      if (!(options.ownProcess ?? true)) return;
      await flushStderr(LOG_FLUSH_MS);
      process.exit(code);
    });
  };
  // Each transport is loaded only where it is used: a start on stdio need not wait for HTTP, nor the other way round.
  if (options.http !== undefined) {
    const { serveHttp } = await import("./http/serve-http.ts");
    const https = await serveHttp(server, options.http);
    const { reload } = https;
    if (reload !== undefined && (options.ownProcess ?? true)) process.on("SIGHUP", () => void reload());
    served = https;
  } else {
    const { serveStdio } = await import("./stdio/serve-stdio.ts");
    served = serveStdio(server, options.stdio === true ? {} : (options.stdio ?? {}), () =>
      end("end of input", END_OF_INPUT_DRAIN_MS),
    );
  }
  if (options.ownProcess ?? true) {
    process.once("SIGTERM", () => end("SIGTERM"));
    process.once("SIGINT", () => end("SIGINT"));
  }
  const { address, monitorAddress } = served;
  quietly(() => server.log.info({ address, monitor: monitorAddress }, "serving"));
  return { address, monitorAddress, stop };
}

async function shutDown(
  server: GuardedServer,
  served: Served,
  reason: string,
  drainMs: number,
  onStop: (() => Promise<void>) | undefined,
): Promise<number> {
  quietly(() => server.log.info({ reason, running: server.guard.inFlight.count }, "stopping"));
  const { inFlight, audit } = server.guard;
  const steps: readonly (() => Promise<unknown>)[] = [
    () => served.stopAccepting(),
    () => inFlight.idle(drainMs),
    () => served.flush(FLUSH_MS),
    // What still runs is aborted by the close; its outcome is recorded as cancelled before the log is closed.
    () => served.close(),
    () => inFlight.idle(1_000),
    async () => void audit.write({ type: "server.stopped", detail: { reason } }),
    () => audit.durable(),
    async () => onStop?.(),
  ];
  let code = 0;
  // A step that fails takes none of those behind it along: a dead log must not keep a store from being closed.
  for (const step of steps) {
    try {
      await step();
    } catch (error) {
      code = 1;
      quietly(() => server.log.fatal({ err: error }, "the server could not stop cleanly"));
    }
  }
  return code;
}
