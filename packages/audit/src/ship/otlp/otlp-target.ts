import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import type { Resource } from "@opentelemetry/resources";
import type { OtlpSettings } from "../options/target-options.ts";
import { within } from "../target/deadline.ts";
import { readHeaders, readTls } from "../target/files.ts";
import { failureCode, type Item, type Receipt, ShipFailure, type Target } from "../target/target.ts";
import type { OtlpPeers } from "./load-peers.ts";
import { logRecord } from "./log-record.ts";
import { takeRejected } from "./partial-success.ts";

interface Connected {
  readonly exporter: InstanceType<OtlpPeers["exporter"]["OTLPLogExporter"]>;
  readonly agent: HttpAgent;
}

/**
 * Sends over OTLP/HTTP with OpenTelemetry's own exporter, which makes the request, retries for `timeoutMs` and takes 2xx
 * for an acknowledgement. A redirect is a failure to it.
 *
 * Everything is passed explicitly, and the thread has no environment: the exporter would add OTEL_EXPORTER_OTLP_HEADERS
 * to what it is given. An agent of our own knows no proxy, and can be destroyed: the exporter's timeout counts silence
 * only, so that a collector which sends a byte now and then would hold it for ever.
 */
export function otlpTarget(settings: OtlpSettings, peers: OtlpPeers, logId: string): Target {
  const resource = peers.resources.resourceFromAttributes({
    "service.name": logId.split("/", 1)[0] ?? logId,
    "service.instance.id": logId,
  });
  let connected: Connected | undefined;
  let headers: Record<string, string> = {};

  const connect = (): Connected => {
    const agentOptions = { keepAlive: true, maxSockets: 1, timeout: settings.timeoutMs };
    const agent = settings.url.startsWith("https:")
      ? new HttpsAgent({ ...agentOptions, ...readTls(settings) })
      : new HttpAgent(agentOptions);
    const exporter = new peers.exporter.OTLPLogExporter({
      url: settings.url,
      headers: async () => headers,
      timeoutMillis: settings.timeoutMs,
      concurrencyLimit: 1,
      httpAgentOptions: () => agent,
    });
    return { exporter, agent };
  };
  const disconnect = (): void => {
    connected?.agent.destroy();
    connected = undefined;
  };

  return {
    batchRecords: settings.batchRecords,
    close: disconnect,
    async send(items, signal) {
      headers = readHeaders(settings);
      connected ??= connect();
      const { exporter } = connected;
      try {
        // The exporter gives up within `timeoutMs` unless it is held; then we do.
        return await within(settings.timeoutMs + 500, signal, () => exportOnce(exporter, items, resource), disconnect);
      } catch (error) {
        // The next attempt reads certificates anew.
        disconnect();
        throw error;
      }
    },
  };
}

function exportOnce(exporter: Connected["exporter"], items: readonly Item[], resource: Resource): Promise<Receipt> {
  const now = Date.now();
  const records = items.map((item) => logRecord(item, resource, now));
  return new Promise((resolve, reject) => {
    exporter.export(records, ({ code, error }) => {
      // Said and read in one turn, so it is this batch's.
      const rejected = takeRejected();
      if (code === 0) resolve({ rejected });
      else reject(new ShipFailure(exportFailure(error), { cause: error }));
    });
  });
}

/** The exporter's messages hold the collector's words; its codes do not. */
function exportFailure(error: Error | undefined): string {
  if (error !== undefined && "code" in error && typeof error.code === "number") return `http_${error.code}`;
  if (error?.message === "Request timed out") return "timeout";
  // 429, 502, 503 and 504 arrive without their number.
  if (error?.message === "Export failed with retryable status") return "busy";
  return failureCode(error);
}
