import { createServer as createHttp } from "node:http";
import { createServer } from "node:https";
import { type AddressInfo, connect, type Server } from "node:net";
import { TLSSocket } from "node:tls";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createTestCa, type TestCa } from "../../../../test/support/certificates.ts";
import { startApi, type TestApi } from "./support/api.ts";
import { ask, failure, open, type Secrets, secrets, send } from "./support/upstream.ts";

let files: Secrets;
let api: TestApi;
const servers: Server[] = [];
beforeEach(async () => {
  files = secrets();
  api = await startApi();
});
afterEach(async () => {
  files[Symbol.dispose]();
  await api[Symbol.asyncDispose]();
  for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
});

async function listen(server: Server): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

describe("TLS to an API", () => {
  let ca: TestCa;
  let url: string;
  let reached: number;
  beforeEach(async () => {
    ca = await createTestCa();
    reached = 0;
    const options = { ...(await ca.issue()), ca: ca.cert, requestCert: true, rejectUnauthorized: false };
    const server = createServer(options, ({ socket }, response) => {
      reached++;
      response.setHeader("connection", "close");
      response.end(socket instanceof TLSSocket && socket.authorized ? "known" : "unknown");
    });
    url = `https://localhost:${await listen(server)}`;
  });

  it("goes by the configured authorities", async () => {
    await using upstream = open(url, { tls: { caFile: files.write("ca", ca.cert) } });
    expect(await ask(upstream, `${url}/`)).toEqual([200, "unknown"]);
  });

  it("shows the configured certificate", async () => {
    const { cert, key } = await ca.issue({ usage: "client" });
    const tls = {
      caFile: files.write("ca", ca.cert),
      certFile: files.write("c", cert),
      keyFile: files.write("k", key),
    };
    await using upstream = open(url, { tls });
    expect(await ask(upstream, `${url}/`)).toEqual([200, "known"]);
    expect(() => open(url, { tls: { ...tls, keyFile: files.write("open", key, 0o644) } })).toThrow(/chmod 600/);
  });

  it.each<[string, () => Promise<string | undefined>]>([
    ["nobody's", async () => undefined],
    ["another's", async () => files.write("other", (await createTestCa()).cert)],
  ])("sends nothing to a certificate of an authority that is %s, whatever the environment says", async (_, file) => {
    const caFile = await file();
    process.env["NODE_TLS_REJECT_UNAUTHORIZED"] = "0";
    try {
      await using upstream = open(url, {
        ...(caFile === undefined ? {} : { tls: { caFile } }),
        upstream: { retries: 0 },
        credential: { type: "bearer", token: { file: files.write("t", "token") } },
      });
      expect((await failure(send(upstream, `${url}/`))).code).toBe("unreachable");
    } finally {
      delete process.env["NODE_TLS_REJECT_UNAUTHORIZED"];
    }
    expect(reached).toBe(0);
  });
});

describe("an egress proxy", () => {
  it("is what everything goes through, and is shown no credential", async () => {
    const asked: string[] = [];
    const proxy = createHttp();
    proxy.on("connect", (request, socket) => {
      asked.push(`${request.url} ${JSON.stringify(request.headers)}`);
      const out = connect(api.port, "127.0.0.1", () => {
        socket.write("HTTP/1.1 200 OK\r\n\r\n");
        socket.pipe(out).pipe(socket);
      });
      out.on("error", () => socket.destroy());
      socket.on("error", () => out.destroy());
    });
    const port = await listen(proxy);
    const base = "http://api.example.com";
    {
      await using upstream = open(
        base,
        { credential: { type: "bearer", token: { file: files.write("t", "canary-token") } } },
        { egressProxy: { url: `http://127.0.0.1:${port}` } },
      );
      expect(await ask(upstream, `${base}/x`)).toEqual([200, "ok"]);
    }
    expect(api.seen[0]?.headers).toMatchObject({ host: "api.example.com", authorization: "Bearer canary-token" });
    expect(asked).toEqual([expect.stringMatching(/^api\.example\.com:80 /)]);
    expect(asked.join()).not.toContain("canary-token");
  });
});

describe("an upstream that is closed", () => {
  it("ends what is under way, and sends nothing more", async () => {
    api.handle = () => {};
    const upstream = open(api.url);
    const waiting = failure(send(upstream, `${api.url}/`));
    await expect.poll(() => api.seen.length).toBe(1);
    await upstream.close();
    expect((await waiting).code).toBe("cancelled");
    expect((await failure(send(upstream, `${api.url}/`))).code).toBe("cancelled");
    expect(api.seen).toHaveLength(1);
  });
});

describe("a base URL", () => {
  it.each(["127.0.0.1", "localhost", "[::1]"])("at %s opens what it says", async (host) => {
    const server = createHttp((_, response) => response.setHeader("connection", "close").end("here"));
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, host === "[::1]" ? "::1" : "127.0.0.1", resolve));
    const base = `http://${host}:${(server.address() as AddressInfo).port}/v1/`;
    await using upstream = open(base);
    expect(await ask(upstream, `${base}x`)).toEqual([200, "here"]);
  });

  it("of a name that leads to this machine does not, unless that is said, and then only there", async () => {
    const lookup = (
      _host: string,
      _options: unknown,
      callback: (e: null, a: { address: string; family: number }[]) => void,
    ) => callback(null, [{ address: "127.0.0.1", family: 4 }]);
    const base = `http://internal.example:${api.port}`;
    for (const [privateAddresses, expected] of [
      [undefined, "unreachable"],
      ["refuse", "unreachable"],
      [["10.0.0.0/8"], "unreachable"],
      ["allow", 200],
      [["127.0.0.0/8"], 200],
    ] as const) {
      const config = privateAddresses === undefined ? {} : { privateAddresses: privateAddresses as "allow" };
      await using upstream = open(base, config, { lookup: lookup as never });
      const answer = await ask(upstream, `${base}/`).then(
        ([status]) => status,
        (error) => error.code,
      );
      expect(answer).toBe(expected);
    }
  });
});
