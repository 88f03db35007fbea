// The API behind all servers under test: 1 KiB, 100 KiB, or 100 MB; prints its port.
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { record, table } from "../lib/api-document.ts";

const MIB = 2 ** 20;
const bodies = new Map([
  ["records", Buffer.from(JSON.stringify(record("r-1")))],
  ["tables", Buffer.from(JSON.stringify(table("t-1")))],
]);

const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  // One of the peers drops the path of its base URL.
  const [, room = ""] = /^\/(?:v1\/)?([a-z]+)\//.exec(request.url ?? "") ?? [];
  const body = bodies.get(room);
  const length = room === "huge" ? 100 * MIB : (body?.length ?? 2);
  response.writeHead(200, {
    "content-type": "application/json",
    "cache-control": "no-store",
    "content-length": length,
  });
  if (room === "huge") pour(response, 100);
  else response.end(body ?? "{}");
}).listen(0, "127.0.0.1", () => console.log((server.address() as AddressInfo).port));

const PIECE = Buffer.alloc(MIB, " ");

/** Spaces: as JSON they are nothing at all, so whatever a client does with them it does for their size. */
function pour(response: ServerResponse, left: number): void {
  if (left === 0) response.end();
  else if (response.write(PIECE)) setImmediate(pour, response, left - 1);
  else response.once("drain", () => pour(response, left - 1));
}
