import { createServer } from "node:net";

/** A real store that a test started on a free port of 127.0.0.1, and may treat as badly as it likes. */
export interface TestServer {
  /** What `openState` takes. */
  readonly url: string;
  readonly port: number;
  /** Ends it in good order and removes its files. */
  stop(): Promise<void>;
  /** SIGKILL, as a machine that fails; resolves when it is gone. */
  kill(): Promise<void>;
  /** Starts it again on the same port, after `kill`. */
  restart(): Promise<void>;
  /** SIGSTOP: connections stay open and nothing answers. */
  pause(): void;
  /** SIGCONT */
  resume(): void;
}

/** What a server proves itself with, as PEM. */
export interface ServerCertificate {
  readonly cert: string;
  readonly key: string;
}

/** A port of 127.0.0.1 that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() =>
        typeof address === "object" && address ? resolve(address.port) : reject(new Error("no port")),
      );
    });
  });
}

/** Asks until `ready` holds; a test waits for what it needs and never for a fixed time. */
export async function until(what: string, ready: () => boolean | Promise<boolean>, timeoutMs = 10_000): Promise<void> {
  const end = performance.now() + timeoutMs;
  while (!(await ready())) {
    if (performance.now() > end) throw new Error(`Not within ${timeoutMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
