import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import type { HttpSettings } from "../options/target-options.ts";
import { within } from "../target/deadline.ts";
import { readHeaders, readTls } from "../target/files.ts";
import { failureCode, ShipFailure, type Target } from "../target/target.ts";

/**
 * Posts the newest note as text/plain; 2xx acknowledges it. A note holds all that older ones said, so older ones of the
 * same batch are not sent. Follows no redirect, knows no proxy, reads nothing of an answer but its status.
 */
export function httpTarget(settings: HttpSettings): Target {
  return {
    batchRecords: 1000,
    close: () => undefined,
    async send(items, signal) {
      const newest = items.findLast((item) => item.kind === "note");
      if (newest !== undefined) await post(settings, newest.note, signal);
      return { rejected: 0 };
    },
  };
}

async function post(settings: HttpSettings, note: string, signal: AbortSignal): Promise<void> {
  const secure = settings.url.startsWith("https:");
  // A connection for each: there is one note a minute, and certificates may have been replaced.
  const agent = secure ? new HttpsAgent(readTls(settings)) : new HttpAgent();
  const body = Buffer.from(note);
  const request = (secure ? httpsRequest : httpRequest)(settings.url, {
    method: "POST",
    agent,
    headers: {
      ...readHeaders(settings),
      "content-type": "text/plain; charset=utf-8",
      "content-length": body.length,
    },
  });
  const answered = async (): Promise<void> => {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      request.once("response", resolve);
      request.on("error", (error) => reject(new ShipFailure(failureCode(error), { cause: error })));
      request.end(body);
    });
    const status = response.statusCode ?? 0;
    if (status < 200 || status > 299) throw new ShipFailure(`http_${status}`);
  };
  try {
    await within(settings.timeoutMs, signal, answered, () => request.destroy());
  } finally {
    request.destroy();
    agent.destroy();
  }
}
