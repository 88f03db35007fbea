import { type ChildProcess, spawn } from "node:child_process";
import { cpuMicroseconds } from "./cpu.ts";
import { peakBytes, treePeakBytes } from "./memory.ts";
import { type RpcMessage, readMessage } from "./rpc-message.ts";

/**
 * A client with next to no cost of its own, so that what is measured is the server: newline-delimited JSON over a child's
 * pipes, the 2025-11-25 handshake that most clients use today.
 */
export class LineClient {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, (message: RpcMessage) => void>();
  #next = 1;
  #parts: Buffer[] = [];
  #unsent = "";

  constructor(command: string, args: readonly string[], env: Record<string, string> = {}) {
    this.#child = spawn(command, args, { stdio: ["pipe", "pipe", "ignore"], env: { ...process.env, ...env } });
    this.#child.stdout?.on("data", (chunk: Buffer) => this.#read(chunk));
    this.#child.stdin?.on("error", () => undefined);
    this.#child.once("exit", (code) => {
      const ended: RpcMessage = { failed: true, error: `the server ended with exit code ${code}` };
      for (const resolve of this.#waiting.values()) resolve(ended);
    });
  }

  #read(chunk: Buffer): void {
    let from = 0;
    for (;;) {
      const end = chunk.indexOf(10, from);
      if (end === -1) break;
      const whole = chunk.subarray(from, end);
      const line = this.#parts.length === 0 ? whole : Buffer.concat([...this.#parts, whole]);
      const message = readMessage(line);
      this.#parts = [];
      from = end + 1;
      const resolve = this.#waiting.get(message.id ?? 0);
      if (resolve === undefined) continue;
      this.#waiting.delete(message.id ?? 0);
      resolve(message);
    }
    if (from < chunk.length) this.#parts.push(chunk.subarray(from));
  }

  /** Requests of one turn of the event loop leave in one write: a system call each would slow down whoever answers fastest. */
  #send(line: string): void {
    if (this.#unsent === "") {
      process.nextTick(() => {
        this.#child.stdin?.write(this.#unsent);
        this.#unsent = "";
      });
    }
    this.#unsent += `${line}\n`;
  }

  request(method: string, params?: object): Promise<RpcMessage> {
    const id = this.#next++;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.#send(JSON.stringify({ jsonrpc: "2.0", id, method, params }));
    });
  }

  async open(): Promise<void> {
    const answer = await this.request("initialize", {
      protocolVersion: "2025-11-25",
      capabilities: {},
      clientInfo: { name: "bench", version: "1" },
    });
    if (answer.error !== undefined) throw new Error(`the server did not start: ${JSON.stringify(answer.error)}`);
    this.#send('{"jsonrpc":"2.0","method":"notifications/initialized"}');
  }

  async call(name: string, args: object): Promise<RpcMessage> {
    const answer = await this.request("tools/call", { name, arguments: args });
    if (answer.failed) {
      throw new Error(`${name} failed: ${JSON.stringify(answer).slice(0, 400)}`);
    }
    return answer;
  }

  /** Process id of the server. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** CPU time that the server has used so far, in microseconds, user and system together. */
  cpuMicroseconds(): number {
    if (this.#child.pid === undefined) throw new TypeError("the server did not start");
    return cpuMicroseconds(this.#child.pid);
  }

  /** Peak resident memory of the server, in bytes. */
  peakBytes(): number {
    return peakBytes(this.#child.pid ?? 0);
  }

  /**
   * Peak resident memory of the server and of the processes it has started, in bytes. Their peaks need not have come at one
   * time, so this is what they took together at most.
   */
  treePeakBytes(): number {
    return treePeakBytes(this.#child.pid ?? 0);
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#child.once("exit", () => resolve());
      this.#child.stdin?.end();
      setTimeout(() => this.#child.kill("SIGKILL"), 3_000).unref();
    });
  }
}
