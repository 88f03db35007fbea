/** An upstream that answers everything with 1 KiB of JSON, in a process of its own. Prints its port. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

const body = JSON.stringify({ text: "x".repeat(1024 - JSON.stringify({ text: "" }).length) });
const server = createServer((_, response) => {
  response.writeHead(200, { "content-type": "application/json", "content-length": body.length }).end(body);
});
// Longer than any round waits, so that connections are kept.
server.keepAliveTimeout = 60_000;
server.listen(0, "127.0.0.1", () => console.log((server.address() as AddressInfo).port));
process.on("disconnect", () => process.exit());
