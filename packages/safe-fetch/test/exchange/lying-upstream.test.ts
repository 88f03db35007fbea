import type { Socket } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createSafeFetch, SafeFetchError } from "../../src/index.ts";
import type { SafeFetch, SafeFetchLimits } from "../../src/types.ts";
import { type RawServer, startRawServer } from "../support/raw-server.ts";
import { ask, outcome, whole } from "../support/read.ts";

const HEAD = "HTTP/1.1 200 OK\r\n";

/** What an upstream may say, and how it ends for us. */
const LIES: Readonly<Record<string, readonly [say: (socket: Socket) => void, code: string]>> = {
  "/short": [(socket) => socket.end(`${HEAD}content-length: 10\r\n\r\nabc`), "broken"],
  "/short-chunk": [(socket) => socket.end(`${HEAD}transfer-encoding: chunked\r\n\r\n10\r\nabc`), "broken"],
  "/no-last-chunk": [(socket) => socket.end(`${HEAD}transfer-encoding: chunked\r\n\r\n3\r\nabc\r\n`), "broken"],
  "/bad-chunk": [(socket) => socket.write(`${HEAD}transfer-encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n`), "broken"],
  "/two-lengths": [(socket) => socket.write(`${HEAD}content-length: 3\r\ncontent-length: 4\r\n\r\nabcd`), "broken"],
  "/length-and-chunks": [
    (socket) => socket.write(`${HEAD}content-length: 3\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n`),
    "broken",
  ],
  "/negative": [(socket) => socket.write(`${HEAD}content-length: -1\r\n\r\nabc`), "broken"],
  "/no-http": [(socket) => socket.write("SSH-2.0-OpenSSH_9.9\r\n\r\n"), "broken"],
  "/closes": [(socket) => socket.destroy(), "broken"],
  "/half-closes": [(socket) => socket.end(), "broken"],
  "/half-a-head": [(socket) => socket.end("HTTP/1.1 200 O"), "broken"],
  "/switches": [
    (socket) => socket.write("HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n"),
    "broken",
  ],
  "/long-head": [(socket) => endless(socket, `${HEAD}x: `, "a"), "too_large"],
  "/many-headers": [(socket) => endless(socket, HEAD, "x: aaaaaaaaaaaa\r\n"), "too_large"],
  "/endless": [(socket) => endless(socket, `${HEAD}\r\n`, "a"), "too_large"],
  "/endless-chunks": [
    (socket) => endless(socket, `${HEAD}transfer-encoding: chunked\r\n\r\n`, "4\r\nabcd\r\n"),
    "too_large",
  ],
  "/said-too-long": [(socket) => endless(socket, `${HEAD}content-length: 100000000\r\n\r\n`, "a"), "too_large"],
  "/slow-start": [(socket) => drip(socket, `${HEAD}\r\n`, "a".repeat(10_000)), "too_large"],
  "/endless-status": [(socket) => endless(socket, "HTTP/1.1 200 ", "a"), "too_large"],
  "/endless-hints": [
    (socket) => endless(socket, "", "HTTP/1.1 103 Early Hints\r\nlink: </a>; rel=x\r\n\r\n"),
    "too_large",
  ],
  "/endless-extension": [
    (socket) => endless(socket, `${HEAD}transfer-encoding: chunked\r\n\r\n5;a=`, "a"),
    "too_large",
  ],
  "/long-extensions": [
    (socket) => endless(socket, `${HEAD}transfer-encoding: chunked\r\n\r\n`, `1;a=${"a".repeat(500)}\r\nb\r\n`),
    "too_large",
  ],
  "/endless-trailer": [
    (socket) => endless(socket, `${HEAD}transfer-encoding: chunked\r\n\r\n1\r\na\r\n0\r\n`, "x: aaaaaaaaaaaa\r\n"),
    "too_large",
  ],
  "/endless-zeros": [(socket) => endless(socket, `${HEAD}transfer-encoding: chunked\r\n\r\n`, "0"), "too_large"],
  "/silent": [() => {}, "timeout"],
  "/silent-body": [(socket) => socket.write(`${HEAD}content-length: 3\r\n\r\na`), "timeout"],
  "/drips-head": [(socket) => drip(socket, HEAD, "x: y\r\n"), "timeout"],
  "/drips-body": [(socket) => drip(socket, `${HEAD}content-length: 1000000\r\n\r\n`, "a"), "timeout"],
  "/informs-for-ever": [(socket) => drip(socket, "", "HTTP/1.1 103 Early Hints\r\n\r\n"), "timeout"],
};

function endless(socket: Socket, head: string, piece: string): void {
  const block = piece.repeat(16_384 / piece.length);
  socket.write(head);
  const more = () => {
    while (!socket.destroyed && socket.write(block));
    socket.once("drain", more);
  };
  more();
}

function drip(socket: Socket, head: string, piece: string): void {
  socket.write(head);
  const timer = setInterval(() => socket.write(piece), 20);
  socket.on("close", () => clearInterval(timer));
}

/** Patient, so that a busy machine is not taken for a silent upstream. */
const LIMITS: SafeFetchLimits = {
  connectTimeoutMs: 20_000,
  headersTimeoutMs: 20_000,
  bodyTimeoutMs: 20_000,
  totalTimeoutMs: 25_000,
  maxBytes: 100_000,
  maxHeaderBytes: 8_192,
};
const HASTY = { headersTimeoutMs: 400, bodyTimeoutMs: 400, totalTimeoutMs: 1_500 } as const;

let server: RawServer;
let safe: SafeFetch;
beforeAll(async () => {
  server = await startRawServer((socket, path) => {
    const lie = LIES[path];
    if (path === "/crumbs") {
      socket.write(`${HEAD}transfer-encoding: chunked\r\n\r\n${"1\r\na\r\n".repeat(LIMITS.maxBytes)}0\r\n\r\n`);
      return;
    }
    if (lie === undefined) socket.write(`${HEAD}content-length: ${path.length}\r\n\r\n${path}`);
    else lie[0](socket);
  });
});
afterEach(() => safe?.close());
afterAll(() => server.close());

function start(limits: Partial<SafeFetchLimits> = {}): SafeFetch {
  safe = createSafeFetch({
    allow: [{ host: "127.0.0.1", ports: [server.port], schemes: ["http"] }],
    limits: { ...LIMITS, ...limits },
  });
  return safe;
}
const at = (path: string) => `http://127.0.0.1:${server.port}${path}`;

describe("an upstream that lies", () => {
  it.each(Object.entries(LIES).map(([path, [, code]]) => [path, code] as const))(
    "%s ends in %s",
    async (path, code) => {
      const one = start();
      const limits = code === "timeout" ? HASTY : {};
      expect(await outcome(() => ask(one, at(path), { limits }))).toBe(code);
      // And is let go of: nothing of it stays open.
      await expect.poll(() => server.open, { timeout: 10_000 }).toBe(0);
      expect(await ask(one, at("/fine"))).toMatchObject({ body: "/fine" });
    },
  );

  it("has acted, perhaps, once a request went out; and has not where it never did", async () => {
    const one = start();
    const sent = await ask(one, at("/closes"), { method: "POST", body: "x" }).catch((error: SafeFetchError) => error);
    expect(sent).toMatchObject({ code: "broken", mayHaveActed: true });
    const refused = await ask(one, "http://127.0.0.2/").catch((error: SafeFetchError) => error);
    expect(refused).toMatchObject({ code: "host_not_allowed", mayHaveActed: false });
  });

  it("tells nothing of itself in the error's message", async () => {
    const error = await ask(start(), at("/no-http")).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(SafeFetchError);
    expect((error as SafeFetchError).message).toBe("broken");
  });

  it("is read as far as the limit, to the byte", async () => {
    const answer = await start().request(at("/endless"));
    let size = 0;
    const reading = async () => {
      for await (const chunk of answer.body) size += chunk.length;
    };
    await expect(reading()).rejects.toMatchObject({ code: "too_large" });
    expect(size).toBe(LIMITS.maxBytes);
  });

  it("takes what is exactly as long as the limit", async () => {
    const path = `/${"a".repeat(499)}`;
    expect((await ask(start({ maxBytes: 500 }), at(path))).body).toHaveLength(500);
    expect(await outcome(() => ask(safe, at(path), { limits: { maxBytes: 499 } }))).toBe("too_large");
  });

  it("costs no more memory than its limit and a queue, while nobody reads", async () => {
    const one = start({ totalTimeoutMs: 60_000, bodyTimeoutMs: 60_000, maxBytes: 1_000_000_000 });
    const before = process.memoryUsage();
    const answers = await Promise.all(Array.from({ length: 8 }, () => one.request(at("/endless"))));
    const chunks = answers[0]!.body[Symbol.asyncIterator]();
    for (let read = 0; read < 200; read++) await chunks.next();
    const after = process.memoryUsage();
    expect(after.arrayBuffers + after.external - before.arrayBuffers - before.external).toBeLessThan(100_000_000);
    await Promise.all(answers.map((answer) => answer.discard()));
  });

  it.each(["/endless-extension", "/long-extensions", "/endless-status", "/endless-hints", "/endless-zeros"])(
    "sends no more than the limits and some slack: %s",
    async (path) => {
      expect(await outcome(() => ask(start(), at(path)))).toBe("too_large");
      // What the kernel holds on both sides comes on top.
      await expect.poll(() => server.open, { timeout: 10_000 }).toBe(0);
      expect(server.written(path)).toBeLessThan(16 * 2 ** 20);
    },
  );

  it("may cut its body into chunks of one byte", async () => {
    expect((await ask(start(), at("/crumbs"))).body).toBe("a".repeat(LIMITS.maxBytes));
  });

  it("is let go of when its time is up, though nobody reads", async () => {
    const answer = await start({ totalTimeoutMs: 3_000, maxBytes: 1_000_000_000 }).request(at("/endless"));
    await expect.poll(() => server.open, { timeout: 10_000 }).toBe(0);
    await expect(whole(answer.body)).rejects.toMatchObject({ code: "timeout" });
  });

  it("is bounded by a shorter head for one request", async () => {
    expect(await outcome(() => ask(start(), at("/fine"), { limits: { maxHeaderBytes: 5 } }))).toBe("too_large");
  });
});

describe("whoever asks may leave", () => {
  it.each(["/silent", "/silent-body"])("while %s", async (path) => {
    const one = start({ headersTimeoutMs: 60_000, bodyTimeoutMs: 60_000, totalTimeoutMs: 60_000 });
    const leaving = new AbortController();
    const asked = outcome(() => ask(one, at(path), { signal: leaving.signal }));
    await expect.poll(() => server.open, { timeout: 10_000 }).toBe(1);
    leaving.abort();
    expect(await asked).toBe("cancelled");
    await expect.poll(() => server.open, { timeout: 10_000 }).toBe(0);
  });
  it("before", async () => {
    expect(await outcome(() => ask(start(), at("/fine"), { signal: AbortSignal.abort() }))).toBe("cancelled");
  });
  it("after the end, without harm, and leaves no listener behind", async () => {
    const leaving = new AbortController();
    await ask(start(), at("/fine"), { signal: leaving.signal });
    leaving.abort();
    expect(await ask(safe, at("/fine"))).toMatchObject({ status: 200 });
  });
});

describe("closing", () => {
  it("ends what is under way, and what comes after", async () => {
    const one = start({ headersTimeoutMs: 60_000, totalTimeoutMs: 60_000 });
    const asked = outcome(() => ask(one, at("/silent")));
    await expect.poll(() => server.open, { timeout: 10_000 }).toBe(1);
    await one.close();
    expect(await asked).toBe("closed");
    expect(await outcome(() => ask(one, at("/fine")))).toBe("closed");
    await one.close();
  });
});

describe("a body that nobody wants", () => {
  it("leaves its connection for the next, if it is short", async () => {
    const one = createSafeFetch({
      allow: [{ host: "127.0.0.1", ports: [server.port], schemes: ["http"] }],
      connections: 1,
    });
    for (let call = 0; call < 5; call++) await (await one.request(at("/fine"))).discard();
    expect(await ask(one, at("/fine"))).toMatchObject({ status: 200 });
    expect(server.open).toBe(1);
    await one.close();
  });
  it("ends it, if it is long; and is read by one reader only", async () => {
    // No time is up for it, so it is its length that ends it.
    const one = start({ totalTimeoutMs: 60_000, bodyTimeoutMs: 60_000, maxBytes: 1_000_000_000 });
    const answer = await one.request(at("/slow-start"));
    await answer.discard();
    await expect.poll(() => server.open, { timeout: 10_000 }).toBe(0);
    const read = await one.request(at("/fine"));
    await whole(read.body);
    await expect(whole(read.body)).rejects.toThrow(TypeError);
  });
});
