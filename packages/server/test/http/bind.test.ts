import type { AddressInfo } from "node:net";
import { createServer as createNetServer } from "node:net";
import { describe, expect, it } from "vitest";
import { ConfigError } from "../../src/errors/config-error.ts";
import { isLoopback, refuseUnsafeBind } from "../../src/http/bind.ts";
import { loopbackSources } from "../../src/http/guard-headers.ts";
import { serve } from "../../src/serve.ts";
import { fakeAuthenticator } from "../support/authenticator.ts";
import { openSocket } from "../support/http.ts";
import { echoTool, testServer } from "../support/server.ts";

const safe = {
  tls: { cert: "c", key: "k" },
  allowedHosts: ["mcp.example.com"],
  authenticator: fakeAuthenticator(async () => ({ status: 401, challenges: ["Bearer"], reason: "x" })),
};

describe("binding", () => {
  it.each([
    "0.0.0.0",
    "::",
    "",
    "192.168.1.2",
    "example.com",
    "127.0.0.1.evil.example",
    "::ffff:127.0.0.1",
    "0",
    "127.1",
  ])("%j without protection is refused, with the lines to add", (host) => {
    expect(() => refuseUnsafeBind({ host })).toThrow(ConfigError);
    expect(() => refuseUnsafeBind({ host })).toThrow(/tls: .*\n- authenticator: .*\n- allowedHosts: /s);
  });

  it.each(["tls", "authenticator", "allowedHosts"] as const)(
    "all interfaces without %s alone is refused, and only that is named",
    (name) => {
      const { [name]: _, ...rest } = safe;
      const others = Object.keys(rest).map((key) => `- ${key}:`);
      let message = "";
      try {
        refuseUnsafeBind({ host: "0.0.0.0", ...rest });
      } catch (error) {
        message = (error as Error).message;
      }
      expect(message).toContain(`- ${name}:`);
      for (const other of others) expect(message).not.toContain(other);
    },
  );

  it("all interfaces with an empty list of hosts is refused", () => {
    expect(() => refuseUnsafeBind({ host: "0.0.0.0", ...safe, allowedHosts: [] })).toThrow(/allowedHosts/);
  });

  it("all interfaces with everything in place is accepted", () => {
    expect(refuseUnsafeBind({ host: "0.0.0.0", ...safe })).toBeUndefined();
  });

  it.each(["0.0.0.0", "127.0.0.1"])("%s behind a proxy needs no certificate, but a caller and a host", (host) => {
    const { tls: _, ...rest } = safe;
    const proxied = { host, trustedProxies: ["10.0.0.5"] };
    expect(refuseUnsafeBind({ ...proxied, ...rest })).toBeUndefined();
    expect(() => refuseUnsafeBind({ ...proxied, ...rest, allowedHosts: [] })).toThrow(/allowedHosts/);
    expect(() => refuseUnsafeBind(proxied)).toThrow(/proxies.*\n- authenticator: .*\n- allowedHosts: /s);
  });

  it("an empty list of proxies stands for no certificate", () => {
    const { tls: _, ...rest } = safe;
    expect(() => refuseUnsafeBind({ host: "0.0.0.0", ...rest, trustedProxies: [] })).toThrow(/- tls:/);
  });

  it.each(["127.0.0.1", "127.9.9.9", "localhost", "::1"])("%s is loopback", (host) =>
    expect(isLoopback(host)).toBe(true),
  );

  it("a monitoring port that is taken leaves no endpoint open", async () => {
    const taken = createNetServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => taken.once("listening", resolve));
    const free = createNetServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => free.once("listening", resolve));
    const { port } = free.address() as AddressInfo;
    await new Promise((resolve) => free.close(resolve));
    const { server } = testServer({ tools: [echoTool()] });
    const monitorPort = (taken.address() as AddressInfo).port;
    await expect(serve(server, { http: { port, monitorPort }, ownProcess: false })).rejects.toMatchObject({
      code: "EADDRINUSE",
    });
    await expect(openSocket(port)).rejects.toMatchObject({ code: "ECONNREFUSED" });
    taken.close();
  });

  it.each([{}, { stdio: true, http: {} }] as const)("serve(%j) is refused", async (options) => {
    await expect(serve(testServer().server, options as never)).rejects.toBeInstanceOf(ConfigError);
  });
});

describe("loopback sources", () => {
  it.each([
    [80, "http", "localhost", "http://localhost"],
    [443, "https", "[::1]", "https://[::1]"],
    [3000, "http", "127.0.0.1:3000", "http://127.0.0.1:3000"],
  ] as const)("on port %d of %s include %s", (port, scheme, host, origin) => {
    const sources = loopbackSources(port, scheme);
    expect([sources.hosts.has(host), sources.origins.has(origin)]).toEqual([true, true]);
  });

  it("do not leave out a port that the scheme does not imply", () => {
    expect(loopbackSources(443, "http").hosts.has("localhost")).toBe(false);
  });
});
