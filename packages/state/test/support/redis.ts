import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort, type ServerCertificate, type TestServer, until } from "./test-server.ts";

/** Options of {@link startRedis}. */
export interface StartRedisOptions {
  /** Further arguments of redis-server, such as `["--requirepass", "secret"]`. */
  readonly args?: readonly string[];
  /** Speaks TLS, and nothing else, with this certificate. */
  readonly tls?: ServerCertificate;
}

/**
 * Starts Debian's redis-server without persistence. Where it is missing the test fails and says what to install: a skipped
 * test would look like a passed one.
 *
 * @example
 * const redis = await startRedis();
 * afterAll(() => redis.stop());
 * const store = await openState(redis.url, { namespace: "test", macKeys: [randomBytes(32)] });
 */
export async function startRedis(options: StartRedisOptions = {}): Promise<TestServer> {
  const port = await freePort();
  const args = [...(options.tls ? tlsArgs(port, options.tls) : ["--port", String(port)]), ...(options.args ?? [])];
  let child = await launch(port, args);

  async function end(signal: "SIGTERM" | "SIGKILL"): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, "exit");
    child.kill("SIGCONT");
    child.kill(signal);
    await gone;
  }

  return {
    url: `${options.tls ? "rediss" : "redis"}://127.0.0.1:${port}`,
    port,
    stop: () => end("SIGTERM"),
    kill: () => end("SIGKILL"),
    async restart() {
      child = await launch(port, args);
    },
    pause: () => void child.kill("SIGSTOP"),
    resume: () => void child.kill("SIGCONT"),
  };
}

function tlsArgs(port: number, { cert, key }: ServerCertificate): string[] {
  const folder = mkdtempSync(join(tmpdir(), "hardened-mcp-redis-"));
  const files = { cert: join(folder, "cert.pem"), key: join(folder, "key.pem") };
  writeFileSync(files.cert, cert);
  writeFileSync(files.key, key, { mode: 0o600 });
  const own = ["--tls-cert-file", files.cert, "--tls-key-file", files.key, "--tls-ca-cert-file", files.cert];
  return ["--port", "0", "--tls-port", String(port), "--tls-auth-clients", "no", ...own];
}

async function launch(port: number, args: readonly string[]): Promise<ChildProcess> {
  const quiet = ["--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--daemonize", "no", "--dir", "/tmp"];
  const child = spawn("redis-server", [...quiet, ...args], { stdio: "ignore" });
  let failed: Error | undefined;
  child.once("error", (error) => {
    failed = new Error("redis-server could not be started. Install it: apt-get install -y redis-server", {
      cause: error,
    });
  });
  child.once("exit", (code) => {
    failed ??= new Error(`redis-server ended with code ${code} before it was ready.`);
  });
  const orphan = () => void child.kill("SIGKILL");
  process.once("exit", orphan);
  child.once("exit", () => process.off("exit", orphan));
  await until("redis-server accepts connections", async () => {
    if (failed) throw failed;
    return accepts(port);
  });
  return child;
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => resolve(true));
    socket.once("error", () => resolve(false));
    socket.on("connect", () => socket.destroy());
  });
}
