import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { Agent, request } from "node:http";

/** A server in a process of its own, and a keep-alive client that costs as little as node:http allows. */
export class HttpTarget {
  readonly #child: ChildProcess;
  readonly #agent: Agent;
  readonly #port: number;

  private constructor(child: ChildProcess, port: number, connections: number) {
    this.#child = child;
    this.#port = port;
    this.#agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  static async start(script: string, args: readonly string[], connections: number): Promise<HttpTarget> {
    const child = spawn(process.execPath, [script, ...args], { stdio: ["ignore", "pipe", "ignore"] });
    const port = await new Promise<number>((resolve, reject) => {
      child.stdout?.once("data", (chunk: Buffer) => resolve(Number(chunk.toString().trim())));
      child.once("exit", () => reject(new Error(`${script} ended before it served`)));
    });
    return new HttpTarget(child, port, connections);
  }

  post(body: string, headers: Readonly<Record<string, string>>): Promise<void> {
    return new Promise((resolve, reject) => {
      const sent = request(
        { port: this.#port, host: "127.0.0.1", path: "/mcp", method: "POST", agent: this.#agent, headers },
        (response) => {
          let text = "";
          response.setEncoding("utf8").on("data", (chunk: string) => {
            text += chunk;
          });
          response.on("end", () => {
            if (response.statusCode === 200 && text.includes('"content"') && !text.includes('"isError"')) resolve();
            else reject(new Error(`${response.statusCode} ${text.slice(0, 300)}`));
          });
        },
      );
      sent.on("error", reject);
      sent.end(body);
    });
  }

  cpuMicroseconds(): number {
    const stat = readFileSync(`/proc/${this.#child.pid}/stat`, "latin1");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return (Number(fields[11]) + Number(fields[12])) * 10_000;
  }

  close(): void {
    this.#agent.destroy();
    this.#child.kill("SIGKILL");
  }
}
