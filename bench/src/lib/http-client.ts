import { type ChildProcess, spawn } from "node:child_process";
import { Agent, request } from "node:http";
import { request as requestTls, Agent as TlsAgent } from "node:https";
import { cpuMicroseconds } from "./cpu.ts";

/** How a target is reached. */
export interface HttpTargetOptions {
  /** Keep-alive connections. */
  readonly connections: number;
  /** Speaks TLS, and this is the certificate that is trusted. */
  readonly ca?: string;
}

/** A server in a process of its own, and a keep-alive client that costs as little as node:http allows. */
export class HttpTarget {
  readonly #child: ChildProcess | undefined;
  readonly #send: typeof request;
  readonly #to: { readonly host: string; readonly port: number; readonly agent: Agent };

  private constructor(child: ChildProcess | undefined, port: number, { connections, ca }: HttpTargetOptions) {
    const settings = { keepAlive: true, maxSockets: connections };
    this.#child = child;
    this.#send = ca === undefined ? request : requestTls;
    const agent = ca === undefined ? new Agent(settings) : new TlsAgent({ ...settings, ca, servername: "localhost" });
    this.#to = { host: "127.0.0.1", port, agent };
  }

  static async start(script: string, args: readonly string[], options: HttpTargetOptions): Promise<HttpTarget> {
    const child = spawn(process.execPath, [script, ...args], { stdio: ["ignore", "pipe", "ignore"] });
    const port = await new Promise<number>((resolve, reject) => {
      child.stdout?.once("data", (chunk: Buffer) => resolve(Number(chunk.toString().trim())));
      child.once("exit", () => reject(new Error(`${script} ended before it served`)));
    });
    return new HttpTarget(child, port, options);
  }

  /** A server in this process, whose CPU cannot be told from the client's. */
  static to(port: number, options: HttpTargetOptions): HttpTarget {
    return new HttpTarget(undefined, port, options);
  }

  /** One call, which must succeed. */
  async post(body: string, headers: Readonly<Record<string, string>>): Promise<void> {
    const { status, text } = await this.exchange(body, headers);
    if (status === 200 && text.includes('"content"') && !text.includes('"isError"')) return;
    throw new Error(`${status} ${text.slice(0, 300)}`);
  }

  /** One call, whatever comes of it. */
  exchange(
    body: string,
    headers: Readonly<Record<string, string>>,
  ): Promise<{ readonly status: number | undefined; readonly text: string }> {
    return new Promise((resolve, reject) => {
      const sent = this.#send({ ...this.#to, path: "/mcp", method: "POST", headers }, (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (chunk: string) => {
          text += chunk;
        });
        response.on("end", () => resolve({ status: response.statusCode, text }));
      });
      sent.on("error", reject);
      sent.end(body);
    });
  }

  cpuMicroseconds(): number {
    if (this.#child?.pid === undefined) throw new TypeError("the server has no process of its own");
    return cpuMicroseconds(this.#child.pid);
  }

  close(): void {
    this.#to.agent.destroy();
    this.#child?.kill("SIGKILL");
  }
}
