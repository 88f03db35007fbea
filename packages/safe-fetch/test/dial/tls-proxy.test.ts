import { createServer, type Server } from "node:https";
import { type AddressInfo, connect, type Socket } from "node:net";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createTestCa, type TestCa } from "../../../../test/support/certificates.ts";
import { createSafeFetch } from "../../src/index.ts";
import { closed } from "../support/listeners.ts";
import { ask, outcome } from "../support/read.ts";

let [originCa, proxyCa]: TestCa[] = [];
let origin: Server;
let proxy: Server;
const sockets: Socket[] = [];
const asked: string[] = [];
const portOf = (server: Server) => (server.address() as AddressInfo).port;

beforeAll(async () => {
  originCa = await createTestCa("origins");
  proxyCa = await createTestCa("proxies");
  origin = createServer(await originCa.issue({ names: ["api.test", "::1"] }), (_, response) => response.end("origin"));
  proxy = createServer(await proxyCa.issue({ names: ["localhost"] }));
  proxy.on("connection", (socket: Socket) => sockets.push(socket));
  proxy.on("connect", (request, socket: Socket) => {
    asked.push(String(request.url));
    const to = connect(portOf(origin), "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      to.pipe(socket).pipe(to);
    });
    to.on("error", () => socket.destroy());
    socket.on("error", () => to.destroy());
  });
  for (const server of [origin, proxy]) {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  }
});
afterAll(() => {
  for (const socket of sockets) socket.destroy();
  return Promise.all([closed(origin), closed(proxy)]);
});

const through = (ca: TestCa | undefined, host: string, port: number) =>
  createSafeFetch({
    allow: [{ host, ports: [port] }],
    tls: { ca: originCa!.cert },
    proxy: { url: `https://localhost:${portOf(proxy)}`, ...(ca === undefined ? {} : { ca: ca.cert }) },
  });

it("an origin's TLS runs within the proxy's, and each is verified by its own authority", async () => {
  const port = portOf(origin);
  const safe = through(proxyCa, "api.test", port);
  expect(await ask(safe, `https://api.test:${port}/`)).toMatchObject({ body: "origin" });
  await safe.close();
  const distrusting = through(originCa, "api.test", port);
  expect(await outcome(() => ask(distrusting, `https://api.test:${port}/`))).toBe("unreachable");
  await distrusting.close();
});

it("an address of IPv6 is asked for in brackets, and its certificate is that of the address", async () => {
  const safe = through(proxyCa, "::1", 8443);
  expect(await ask(safe, "https://[::1]:8443/")).toMatchObject({ body: "origin" });
  expect(asked.at(-1)).toBe("[::1]:8443");
  await safe.close();
});
