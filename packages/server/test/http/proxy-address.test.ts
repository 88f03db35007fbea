import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { clientAddress } from "../../src/http/proxy/client-address.ts";
import { parseTrustedProxies } from "../../src/http/proxy/trusted.ts";
import { rawHttp } from "../support/http.ts";

const trusted = parseTrustedProxies(["127.0.0.1", "10.0.0.0/24", "2001:db8:9::/48"]);
const http = createServer((request, response) => {
  response.end(clientAddress(request, request.url === "/nobody" ? parseTrustedProxies() : trusted));
});
beforeAll(async () => {
  http.listen(0, "::");
  await once(http, "listening");
});
afterAll(() => {
  http.close();
  http.closeAllConnections();
});

async function seen(headers: readonly string[], path = "/"): Promise<string> {
  const lines = headers.map((line) => `${line}\r\n`).join("");
  const { port } = http.address() as AddressInfo;
  return (await rawHttp(port, `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${lines}\r\n`)).body
    .split("\r\n")
    .at(-1)!;
}
const XFF = "X-Forwarded-For: ";

describe("the address of a client", () => {
  it.each<[string, readonly string[], string]>([
    ["without a word from the proxy is the proxy's", [], "127.0.0.1"],
    ["is what the proxy saw", [`${XFF}203.0.113.7`], "203.0.113.7"],
    ["is not what the client put before it", [`${XFF}1.2.3.4, 203.0.113.7`], "203.0.113.7"],
    ["is not a trusted address that the client made up", [`${XFF}10.0.0.9, 203.0.113.7`], "203.0.113.7"],
    ["is not behind a stranger's long chain", [`${XFF}1.1.1.1,10.0.0.1,203.0.113.7,10.0.0.2`], "203.0.113.7"],
    ["is not in the first of two headers", [`${XFF}1.2.3.4`, `${XFF}203.0.113.7`], "203.0.113.7"],
    ["is found past the proxies in between", [`${XFF}203.0.113.7, 10.0.0.2, 10.0.0.1`], "203.0.113.7"],
    ["is the furthest proxy's where all are", [`${XFF}10.0.0.3, 10.0.0.2`], "10.0.0.3"],
    ["has one spelling", [`${XFF}2001:DB8:0:0::7`], "2001:db8::7"],
    ["is IPv4 also where it came as IPv6", [`${XFF}::ffff:cb00:7107`], "203.0.113.7"],
    ["past a mapped proxy", [`${XFF}203.0.113.7, ::ffff:10.0.0.2`], "203.0.113.7"],
    ["past a proxy of IPv6", [`${XFF}203.0.113.7, 2001:db8:9::1`], "203.0.113.7"],
    ["does not care for nonsense left of it", [`${XFF}<script>, 203.0.113.7`], "203.0.113.7"],
    ...["evil", "1.2.3.4, evil", "1.2.3.4,", "1.2.3.4,,10.0.0.1", "unknown", "_hidden", "203.0.113.7:443", "[::7]"].map(
      (value): [string, string[], string] => [`stays the proxy's for ${value}`, [XFF + value], "127.0.0.1"],
    ),
    ["stays the proxy's for a zone", [`${XFF}fe80::1%eth0`], "127.0.0.1"],
    ["stays the proxy's for 010.1.1.1, read as 8 or 10", [`${XFF}010.1.1.1`], "127.0.0.1"],
    ["is in no other header", ["Forwarded: for=1.2.3.4", "X-Real-IP: 1.2.3.4", "Client-IP: 1.2.3.4"], "127.0.0.1"],
  ])("%s", async (_, headers, address) => expect(await seen(headers)).toBe(address));

  it("is the socket's when nobody is trusted, whatever the header says", async () => {
    expect(await seen([`${XFF}1.2.3.4`], "/nobody")).toBe("127.0.0.1");
  });

  it("takes a header of 15 KB in its stride", async () => {
    expect(await seen([`${XFF}${"10.0.0.1,".repeat(1_500)}10.0.0.1`])).toBe("10.0.0.1");
  });

  it("is empty once the connection has gone", async () => {
    const gone = once(http, "request").then(async ([request]) => {
      request.socket.destroy();
      await once(request.socket, "close");
      return clientAddress(request, trusted);
    });
    const socket = connect((http.address() as AddressInfo).port, "127.0.0.1", () =>
      socket.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n"),
    ).on("error", () => undefined);
    expect(await gone).toMatch(/^$|^127\.0\.0\.1$/);
  });
});
