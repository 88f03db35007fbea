import { SqlError } from "../../errors.ts";
import type { Answered, Hello, Request } from "../wire.ts";
import { type Deadline, EndedByItself, SqliteProcess } from "./process.ts";

interface Waiting {
  readonly serve: (process: SqliteProcess) => void;
  readonly refuse: (error: SqlError) => void;
}

/** A statement that has run this long may be killed: its replacement is started ahead, so that the next caller need not wait for it. */
const SPARE_AFTER_MS = 250;
/** A read whose process is found dead this soon met one that died idle: another is asked. Later, the statement may be what killed it. */
const WAS_DEAD_MS = 250;
/** An idle process beyond the first is ended after this time. */
const IDLE_MS = 30_000;
/**
 * Longest wait for a process that is free and has started; it is no time of the statement's. When it was, statements with 300 ms whose
 * predecessors had just been killed were over before they began, one after the other, on a busy machine.
 */
const MOST_WAIT_MS = 10_000;
/** Callers that may wait for a process; beyond it, the source is overloaded and says so. */
const MOST_WAITING = 1000;

/**
 * Child processes of one source. At most `size` run statements at once; one more may stand by. They start when they are first needed.
 */
export class Pool {
  readonly #hello: Hello;
  readonly #size: number;
  readonly #tempFolder: string;
  readonly #idle: SqliteProcess[] = [];
  readonly #busy = new Set<SqliteProcess>();
  readonly #waiting: Waiting[] = [];
  readonly #all = new Set<SqliteProcess>();
  #closed = false;

  constructor(hello: Hello, size: number, tempFolder: string) {
    this.#hello = hello;
    this.#size = size;
    this.#tempFolder = tempFolder;
  }

  get busy(): boolean {
    return this.#busy.size >= this.#size;
  }

  /**
   * Asks the next process that is free. The deadline's time begins when the process has started; its signal counts from now.
   *
   * @param requestFor makes the request for a process, which may have to be told the rules first
   * @throws {SqlError} as {@link SqliteProcess.ask}, and `unavailable` where no process comes free and starts in time
   */
  async ask(requestFor: (process: SqliteProcess) => Request, deadline: Deadline): Promise<Answered> {
    const asked = performance.now();
    try {
      return await this.#askOnce(requestFor, deadline);
    } catch (error) {
      const wasDead = error instanceof SqlError && error.code === "unavailable" && error.cause instanceof EndedByItself;
      if (wasDead && !this.#hello.writable && performance.now() - asked < WAS_DEAD_MS) {
        return this.#askOnce(requestFor, deadline);
      }
      throw error;
    }
  }

  async #askOnce(requestFor: (process: SqliteProcess) => Request, deadline: Deadline): Promise<Answered> {
    const { signal } = deadline;
    const until = performance.now() + MOST_WAIT_MS;
    const process = await this.#take(signal);
    let slow: NodeJS.Timeout | undefined;
    try {
      assertWanted(signal);
      await process.started({ timeoutMs: until - performance.now(), signal });
      // Before the request is made: a process counts as told the rules once it is.
      assertWanted(signal);
      slow = setTimeout(() => this.#standBy(), Math.min(SPARE_AFTER_MS, deadline.timeoutMs / 4)).unref();
      return await process.ask(requestFor(process), deadline);
    } finally {
      clearTimeout(slow);
      this.#giveBack(process);
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const waiting of this.#waiting.splice(0)) {
      waiting.refuse(new SqlError("unavailable"));
    }
    await Promise.all([...this.#all].map((process) => process.end()));
  }

  #take(signal: AbortSignal | undefined): SqliteProcess | Promise<SqliteProcess> {
    if (this.#closed || this.#waiting.length >= MOST_WAITING) {
      throw new SqlError("unavailable");
    }
    if (this.#busy.size < this.#size) {
      return this.#use(this.#idle.pop() ?? this.#start());
    }
    return new Promise((resolve, reject) => {
      const leave = (error: SqlError): void => {
        const index = this.#waiting.indexOf(waiting);
        if (index >= 0) {
          this.#waiting.splice(index, 1);
        }
        settled();
        reject(error);
      };
      const cancel = (): void => leave(new SqlError("cancelled"));
      const none = new SqlError("unavailable", { cause: new Error("no process came free in time") });
      const timer = setTimeout(() => leave(none), MOST_WAIT_MS);
      const settled = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", cancel);
      };
      const waiting: Waiting = {
        serve: (process) => {
          settled();
          resolve(process);
        },
        refuse: leave,
      };
      signal?.addEventListener("abort", cancel, { once: true });
      this.#waiting.push(waiting);
    });
  }

  #use(process: SqliteProcess): SqliteProcess {
    this.#busy.add(process);
    return process;
  }

  #giveBack(process: SqliteProcess): void {
    this.#busy.delete(process);
    if (process.alive && !this.#closed) {
      this.#idle.push(process);
      this.#endSurplus(process);
    }
    if (this.#waiting.length > 0 && this.#busy.size < this.#size) {
      this.#waiting.shift()?.serve(this.#use(this.#idle.pop() ?? this.#start()));
    }
  }

  #start(): SqliteProcess {
    const process = new SqliteProcess(this.#hello, this.#tempFolder, (ended) => {
      this.#all.delete(ended);
      const index = this.#idle.indexOf(ended);
      if (index >= 0) {
        this.#idle.splice(index, 1);
      }
    });
    this.#all.add(process);
    return process;
  }

  #standBy(): void {
    if (!this.#closed && this.#idle.length === 0) {
      const spare = this.#start();
      this.#idle.unshift(spare);
      this.#endSurplus(spare);
    }
  }

  /** Ends `process` if it is still idle, and not the only one, when its time has come. */
  #endSurplus(process: SqliteProcess): void {
    if (this.#all.size <= 1) {
      return;
    }
    const timer = setTimeout(() => {
      const surplus = this.#all.size > 1 && this.#idle[0] === process;
      if (surplus) {
        this.#idle.shift();
        process.end().catch(() => {});
      }
    }, IDLE_MS);
    timer.unref();
  }
}

function assertWanted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) {
    throw new SqlError("cancelled");
  }
}
