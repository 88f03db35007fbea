import { type ChildProcess, spawn } from "node:child_process";
import { SqlError } from "../../errors.ts";
import type { Answered, Hello, Reply, Request } from "../wire.ts";
import { CHILD_MODULE } from "./child-module.ts";
import { residentBytes } from "./memory.ts";
import { FrameReader } from "./reader.ts";

export interface Deadline {
  /** Milliseconds from now. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

interface Pending {
  readonly resolve: (answered: Answered) => void;
  readonly reject: (error: SqlError) => void;
}

/** Milliseconds between two looks at the memory of a process whose statement runs. At 1 GiB a second it grows by 20 MiB in between. */
const MEMORY_EVERY_MS = 20;
/** What an answer needs beside its rows: columns, names, a cursor. */
const FRAME_ROOM = 4 * 1024 * 1024;

/** One child process: starts at once, answers one request at a time, and is dead for good once it was killed. */
export class SqliteProcess {
  readonly #child: ChildProcess;
  readonly #maxMemoryBytes: number;
  #pending: Pending | undefined;
  #timer: NodeJS.Timeout | undefined;
  #why: SqlError | undefined;
  #ready = false;
  #dead = false;
  /** Variants whose rules it has been told. */
  readonly knows = new Set<number>();

  constructor(hello: Hello, tempFolder: string, onEnd: (ended: SqliteProcess) => void) {
    this.#maxMemoryBytes = hello.limits.maxMemoryBytes;
    this.#child = start(hello, tempFolder);
    const reader = new FrameReader(hello.limits.maxBytes + FRAME_ROOM, (json, body) => this.#answered(json, body));
    this.#child.stdout?.on("data", (chunk: Buffer) => {
      try {
        reader.push(chunk);
      } catch (error) {
        this.kill(new SqlError("unavailable", { cause: error }));
      }
    });
    this.#child.stdin?.on("error", () => {});
    const ended = (cause: unknown): void => {
      if (!this.#dead) {
        this.#dead = true;
        this.#settle()?.reject(this.#why ?? ending(cause));
        onEnd(this);
      }
    };
    this.#child.on("error", ended);
    this.#child.on("exit", (code, signal) => ended(signal ?? code));
    // It keeps nothing alive that nobody waits for.
    this.#hold(false);
    this.#send(JSON.stringify(hello));
  }

  get alive(): boolean {
    return !this.#dead && this.#why === undefined;
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /**
   * Waits until it can be asked. A caller who leaves lets it start: the next one needs it.
   *
   * @throws {SqlError} `cancelled`; `unavailable` where it has not started within `timeoutMs`
   */
  async started({ timeoutMs, signal }: Deadline): Promise<void> {
    if (this.#ready) {
      return;
    }
    const late = new SqlError("unavailable", { cause: new Error("the process did not start in time") });
    const timer = setTimeout(() => this.kill(late), Math.max(0, timeoutMs));
    try {
      await this.#reply(signal, () => this.#settle()?.reject(new SqlError("cancelled")));
    } finally {
      clearTimeout(timer);
    }
  }

  /**
   * Asks a process that has {@link started}: only then is all the time that passes the statement's.
   *
   * @throws {SqlError} what the child answered; `timeout`, `cancelled`, `too_large` where it was killed; `unavailable` where it died
   */
  ask(request: Request, { timeoutMs, signal }: Deadline): Promise<Answered> {
    const reply = this.#reply(signal, () => this.kill(new SqlError("cancelled")));
    this.#watch(performance.now() + timeoutMs);
    this.#send(JSON.stringify(request));
    return reply;
  }

  #reply(signal: AbortSignal | undefined, cancel: () => void): Promise<Answered> {
    return new Promise((resolve, reject) => {
      signal?.addEventListener("abort", cancel, { once: true });
      const done =
        <Value>(settle: (value: Value) => void) =>
        (value: Value): void => {
          signal?.removeEventListener("abort", cancel);
          settle(value);
        };
      this.#pending = { resolve: done(resolve), reject: done(reject) };
      this.#hold(true);
    });
  }

  /** Ends the process now. Whoever waits for it is told `why`, without waiting for the process to be gone. */
  kill(why: SqlError): void {
    this.#why ??= why;
    this.#child.kill("SIGKILL");
    this.#settle()?.reject(this.#why);
  }

  /** Ends the process and waits until it is gone. */
  async end(): Promise<void> {
    const gone = new Promise<void>((resolve) => {
      if (this.#dead) {
        resolve();
      } else {
        this.#child.once("exit", () => resolve());
      }
    });
    this.kill(new SqlError("unavailable", { cause: new Error("closed") }));
    this.#hold(true);
    await gone;
  }

  #send(json: string): void {
    const frame = Buffer.allocUnsafe(4 + Buffer.byteLength(json));
    frame.writeUInt32LE(frame.length - 4, 0);
    frame.write(json, 4);
    this.#child.stdin?.write(frame);
  }

  #answered(json: string, body: string | undefined): void {
    // The first frame says that it has started, whether or not somebody waits for that.
    this.#ready = true;
    const pending = this.#settle();
    const reply = JSON.parse(json) as Reply;
    if ("ok" in reply) {
      pending?.resolve({ ok: reply.ok, body });
    } else {
      const { code, hint, detail } = reply.error;
      pending?.reject(new SqlError(code, { hint, cause: new Error(detail) }));
    }
  }

  #settle(): Pending | undefined {
    const pending = this.#pending;
    this.#pending = undefined;
    clearTimeout(this.#timer);
    this.#hold(false);
    return pending;
  }

  #watch(deadline: number): void {
    const left = deadline - performance.now();
    this.#timer = setTimeout(
      () => {
        if (performance.now() >= deadline) {
          this.kill(new SqlError("timeout"));
        } else if (residentBytes(this.#child.pid) > this.#maxMemoryBytes) {
          this.kill(new SqlError("too_large", { hint: "The statement needs more memory than is allowed." }));
        } else {
          this.#watch(deadline);
        }
      },
      Math.max(0, Math.min(MEMORY_EVERY_MS, left)),
    );
  }

  #hold(on: boolean): void {
    const handles = [this.#child, ...this.#child.stdio] as unknown as { ref?(): void; unref?(): void }[];
    for (const handle of handles) {
      on ? handle?.ref?.() : handle?.unref?.();
    }
  }
}

function start(hello: Hello, tempFolder: string): ChildProcess {
  const { maxMemoryBytes, maxTempBytes } = hello.limits;
  const heap = `--max-old-space-size=${Math.max(64, Math.floor((maxMemoryBytes * 3) / 4 / 1024 / 1024))}`;
  const command = [process.execPath, heap, CHILD_MODULE];
  // A process that writes the database must not have its writes cut; one that reads writes nothing but what it sorts.
  const limited = process.platform !== "win32" && !hello.writable;
  const shell = ["-c", `ulimit -f ${Math.ceil(maxTempBytes / 512)}; exec "$0" "$@"`, ...command];
  const [program = "", ...args] = limited ? ["/bin/sh", ...shell] : command;
  return spawn(program, args, {
    cwd: tempFolder,
    env: { SQLITE_TMPDIR: tempFolder, ...(process.env["TZ"] === undefined ? {} : { TZ: process.env["TZ"] }) },
    // The fourth pipe says nothing: its end tells the child that this process is gone.
    stdio: ["pipe", "pipe", "ignore", "pipe"],
    windowsHide: true,
  });
}

/** Internal: a process ended that this package did not end. */
export class EndedByItself extends Error {}

/** What it means that a child ended by itself. */
function ending(cause: unknown): SqlError {
  // SIGXFSZ: a temporary file met its limit. SIGABRT: V8 ran out of memory.
  const tooLarge = cause === "SIGXFSZ" || cause === "SIGABRT";
  return new SqlError(tooLarge ? "too_large" : "unavailable", {
    cause: new EndedByItself(`the process ended: ${String(cause)}`),
  });
}
