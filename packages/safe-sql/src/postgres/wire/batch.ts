import type { Wire } from "../connect/client.ts";

/** One statement of a {@link Batch}. */
export interface Step {
  /** The text, or the name of what was prepared on this connection; with both, it is prepared under that name. */
  readonly statement: { readonly text: string } | { readonly prepared: string; readonly text?: string };
  /** Prepared, and not run. */
  readonly isOnlyPrepared?: true;
  /** It is asked often: it may be kept prepared, apart from the same text under another of these words. */
  readonly reuse?: string;
  readonly values?: readonly (string | null)[];
  /** Rows after which the server stops; 0 is all. */
  readonly rows?: number;
  /** Absent: the rows are not looked at, and their columns not asked for. */
  readonly sink?: RowSink;
}

/** Takes what a statement gives. */
export interface RowSink {
  columns(fields: readonly Field[]): void;
  /** @param cells texts as the server wrote them @param bytes of the message */
  row(cells: readonly (string | null)[], bytes: number): void;
  /** @param tag such as `UPDATE 3`; `undefined` where there are more rows than were asked for */
  end(tag: string | undefined): void;
}

export interface Field {
  readonly name: string;
  readonly dataTypeID: number;
}

/**
 * Statements that travel together, each parsed, bound and executed on its own, in one round trip: PostgreSQL skips what follows the
 * first that fails. Extended protocol only, in which a text is exactly one statement or an error (`COMMIT; CREATE TABLE ...` walked
 * out of read-only transactions that were sent as simple queries).
 *
 * `pg` calls the `handle...` methods of what is submitted to it.
 */
export class Batch {
  readonly done: Promise<void>;
  /** Index of the step that runs, or failed. */
  at = 0;
  readonly #steps: readonly Step[];
  readonly #unneeded: readonly string[];
  readonly #resolve: () => void;
  readonly #reject: (reason: unknown) => void;
  #failure: unknown;

  /** @param unneeded names of prepared statements that the server can forget */
  constructor(steps: readonly Step[], unneeded: readonly string[] = []) {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    [this.done, this.#resolve, this.#reject] = [promise, resolve, reject];
    this.#steps = steps;
    this.#unneeded = unneeded;
  }

  submit(wire: Wire): null {
    wire.stream.cork();
    for (const name of this.#unneeded) wire.close({ type: "S", name });
    for (const { statement, values = [], rows = 0, sink, isOnlyPrepared } of this.#steps) {
      const name = "prepared" in statement ? statement.prepared : "";
      if (statement.text !== undefined) wire.parse({ name, text: statement.text });
      if (isOnlyPrepared) continue;
      wire.bind({ statement: name, values });
      if (sink !== undefined) wire.describe({ type: "P", name: "" });
      wire.execute({ portal: "", rows });
    }
    wire.sync();
    wire.stream.uncork();
    return null;
  }

  handleRowDescription({ fields }: { fields: readonly Field[] }): void {
    this.#guarded((sink) => sink.columns(fields));
  }

  handleDataRow({ fields, length }: { fields: readonly (string | null)[]; length: number }): void {
    this.#guarded((sink) => sink.row(fields, length));
  }

  handleCommandComplete({ text }: { text: string }): void {
    this.#guarded((sink) => sink.end(text));
    this.at++;
  }

  handlePortalSuspended(): void {
    this.#guarded((sink) => sink.end(undefined));
    this.at++;
  }

  handleEmptyQuery(): void {
    this.at++;
  }

  handleReadyForQuery(): void {
    if (this.#failure === undefined) this.#resolve();
    else this.#reject(this.#failure);
  }

  /** From the server, or because the connection is gone. */
  handleError(error: unknown): void {
    this.#reject(error);
  }

  /** COPY cannot get here (it is not a query); a server that starts one is not followed. */
  handleCopyInResponse(wire: Wire): void {
    wire.stream.destroy(new Error("COPY"));
  }

  handleCopyData(_message: unknown, wire: Wire): void {
    wire.stream.destroy(new Error("COPY"));
  }

  /** What is thrown in here would end the process: this runs inside a socket's event. */
  #guarded(use: (sink: RowSink) => void): void {
    const sink = this.#steps[this.at]?.sink;
    if (sink === undefined || this.#failure !== undefined) return;
    try {
      use(sink);
    } catch (error) {
      this.#failure = error;
    }
  }
}
