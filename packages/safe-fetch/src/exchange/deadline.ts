import { SafeFetchError } from "../safe-fetch-error.ts";

interface Stoppable {
  stop(reason: SafeFetchError): void;
}

/** Time and caller of an exchange: whichever is up first ends it, until its last byte has come. */
export class Deadline {
  readonly #signal: AbortSignal | undefined;
  readonly #timer: NodeJS.Timeout;
  readonly #cancel: () => void;

  constructor(exchange: Stoppable, ms: number, signal: AbortSignal | undefined) {
    const end = (reason: SafeFetchError) => {
      this.clear();
      exchange.stop(reason);
    };
    this.#cancel = () => end(new SafeFetchError("cancelled", { cause: signal?.reason }));
    this.#signal = signal;
    this.#timer = setTimeout(() => end(new SafeFetchError("timeout")), ms);
    signal?.addEventListener("abort", this.#cancel);
  }

  clear(): void {
    clearTimeout(this.#timer);
    this.#signal?.removeEventListener("abort", this.#cancel);
  }
}
