import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { GuardedServer } from "../server.ts";
import { type AllowedSources, loopbackSources, sourceFault } from "./guard-headers.ts";
import { createReadiness } from "./readiness.ts";

/** Probes and metrics, on a loopback port of their own: neither needs a token, and neither is for the outside. */
export interface Monitor {
  readonly address: string;
  /** From now on `/readyz` answers 503, so that a balancer sends nothing new. */
  draining(): void;
  close(): Promise<void>;
}

/** Serves `/healthz` (the process answers), `/readyz` (it can take calls) and `/metrics` (Prometheus text). */
export async function serveMonitor(server: GuardedServer, port: number): Promise<Monitor> {
  let draining = false;
  const readiness = createReadiness(server.dependencies);
  let allowed: AllowedSources = { hosts: new Set(), origins: new Set() };
  const http = createServer(
    { headersTimeout: 5_000, requestTimeout: 5_000, maxHeaderSize: 8_192 },
    (request, response) => {
      const answer = (status: number, text: string): void => {
        response.writeHead(status, {
          "content-type": "text/plain; version=0.0.4",
          "cache-control": "no-store",
          "x-content-type-options": "nosniff",
        });
        response.end(text);
      };
      if (sourceFault(request, allowed) !== undefined) answer(403, "forbidden\n");
      else if (request.method !== "GET") answer(405, "method not allowed\n");
      else if (request.url === "/healthz") answer(200, "ok\n");
      else if (request.url === "/readyz" && draining) answer(503, "draining\n");
      else if (request.url === "/readyz") {
        void readiness.away().then((away) => {
          if (away.length === 0) answer(200, "ready\n");
          else answer(503, `away: ${away.join(", ")}\n`);
        });
      } else if (request.url === "/metrics") answer(200, server.guard.metrics.render());
      else answer(404, "not found\n");
    },
  );
  await new Promise<void>((resolve, reject) => {
    http.once("error", reject);
    http.listen(port, "127.0.0.1", () => resolve());
  });
  const bound = (http.address() as AddressInfo).port;
  allowed = loopbackSources(bound, "http");
  return {
    address: `http://127.0.0.1:${bound}`,
    draining() {
      draining = true;
    },
    close: () =>
      new Promise((resolve) => {
        http.close(() => resolve());
        http.closeAllConnections();
      }),
  };
}
