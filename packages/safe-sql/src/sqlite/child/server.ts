import { statSync } from "node:fs";
import { SqlError } from "../../errors.ts";
import type { CatalogueAnswer, Hello, Request, VariantRules } from "../wire.ts";
import { execute, forecast } from "./change.ts";
import { compileRead } from "./compile.ts";
import { type Connection, openConnection } from "./connection.ts";
import { describe, tables } from "./describe.ts";
import { rowsOf } from "./engine.ts";
import { BY_CODE } from "./failure.ts";
import { explain, walksMaskedAgain } from "./plan.ts";
import { query, type TwoParts } from "./query.ts";
import { sampleSql } from "./sample.ts";

/** Connections kept, one per variant of the rules, the last used ones. */
const KEPT = 8;

/** Answers what the parent asks, over one connection per variant, opened anew when the file or its schema becomes another. */
export class Server {
  readonly #hello: Hello;
  readonly #rules = new Map<number, VariantRules>();
  readonly #connections = new Map<string, Connection>();
  #file: string | undefined;

  constructor(hello: Hello) {
    this.#hello = hello;
  }

  /** @returns the JSON of a reply, and in a line of its own what need not be parsed; nothing is thrown */
  answer(request: Request): string {
    if (request.rules !== undefined) {
      this.#rules.set(request.variant, request.rules);
    }
    try {
      const answer = this.#settled(request);
      return typeof answer === "string" ? `{"ok":${answer}}` : `{"ok":${answer.head}}\n${answer.body}`;
    } catch (error) {
      const reply = told(error);
      if (reply.code === "unavailable") {
        // A file that is broken or away: whatever is open leads to it no more.
        this.#forget();
      }
      return JSON.stringify({ error: reply });
    }
  }

  /** Answers only what one schema, the one that the policy was made from, held good for from start to end. */
  #settled(request: Request): string | TwoParts {
    for (let attempt = 0; attempt < 3; attempt++) {
      const connection = this.#connectionFor(request);
      connection.identity = request.identity;
      let answer: string | TwoParts | undefined;
      let failed: unknown;
      try {
        answer = this.#do(connection, request);
      } catch (error) {
        failed = error;
      }
      // A change looks at the schema inside its own transaction, and is never done twice.
      const settled = request.op === "execute" || connection.schemaVersion() === connection.madeFrom;
      if (settled && answer !== undefined) {
        return answer;
      }
      if (settled) {
        throw failed;
      }
      this.#forget();
    }
    throw new SqlError("conflict");
  }

  #do(connection: Connection, request: Request): string | TwoParts {
    const { limits } = this.#hello;
    switch (request.op) {
      case "query":
        return query(connection, limits, request);
      case "sample":
        return query(connection, limits, { ...request, sql: sampleSql(connection, request.table), params: [] });
      case "tables":
        return JSON.stringify(tables(connection));
      case "describe":
        return JSON.stringify(describe(connection, request.table));
      case "explain":
        return JSON.stringify(explain(connection, request.sql, request.params));
      case "forecast":
        return forecast(connection, request);
      case "execute":
        return execute(connection, limits, request);
      case "catalogue":
        return JSON.stringify(catalogueOf(connection));
      case "health":
      case "check":
        return "true";
    }
  }

  #connectionFor(request: Request): Connection {
    const connection = this.#connection(request.variant, false);
    const joins = (request.op === "query" || request.op === "explain") && wantsMaterialised(connection, request.sql);
    return joins ? this.#connection(request.variant, true) : connection;
  }

  #connection(variant: number, materialised: boolean): Connection {
    const key = `${variant}${materialised ? " materialised" : ""}`;
    const file = fileNow(this.#hello.file);
    if (file !== this.#file) {
      // Another file has been put in the place of the one that is open.
      this.#forget();
      this.#file = file;
    }
    let connection = this.#connections.get(key);
    if (connection !== undefined && connection.schemaVersion() !== connection.madeFrom) {
      this.#forget();
      connection = undefined;
    }
    connection ??= openConnection(this.#hello, this.#rulesOf(variant), materialised);
    this.#connections.delete(key);
    this.#connections.set(key, connection);
    for (const [oldest, { engine }] of this.#connections) {
      if (this.#connections.size <= KEPT) {
        break;
      }
      this.#connections.delete(oldest);
      engine.close();
    }
    if (fileNow(this.#hello.file) !== file) {
      this.#forget();
      throw new SqlError("unavailable", { cause: new Error("the file was replaced while it was opened") });
    }
    return connection;
  }

  #rulesOf(variant: number): VariantRules {
    const rules = this.#rules.get(variant);
    if (rules === undefined) {
      throw new SqlError("unavailable", { cause: new Error("no rules came for this variant") });
    }
    return rules;
  }

  #forget(): void {
    for (const { engine } of this.#connections.values()) {
      engine.close();
    }
    this.#connections.clear();
  }
}

/** A statement that does not compile is told why by whoever runs it. */
function wantsMaterialised(connection: Connection, sql: string): boolean {
  try {
    const compiled = compileRead(connection, sql);
    compiled.walksMaskedAgain ??= walksMaskedAgain(connection, sql);
    return compiled.walksMaskedAgain;
  } catch {
    return false;
  }
}

/** Which file a path leads to now. */
function fileNow(path: string): string {
  try {
    const { dev, ino } = statSync(path, { bigint: true });
    return `${dev}:${ino}`;
  } catch (error) {
    throw new SqlError("unavailable", { cause: error });
  }
}

function catalogueOf({ catalogue, engine, gate }: Connection): CatalogueAnswer {
  return {
    relations: [...catalogue.values()].map(({ name, kind, columns }) => ({
      name,
      kind,
      columns: columns.map((column) => column.name),
    })),
    functions: gate
      .asOwn(() => rowsOf(engine, "select distinct name from pragma_function_list"))
      .map(([name]) => String(name)),
  };
}

/** What an error is told as. Errors of the engine outside a statement (opening, reading the catalogue) are told by their code alone. */
function told(error: unknown): { code: string; hint?: string | undefined; detail?: string } {
  if (error instanceof SqlError) {
    return { code: error.code, hint: error.hint, detail: String(error.cause ?? "") };
  }
  const number = (error as { readonly errcode?: number }).errcode;
  const code = (number === undefined ? undefined : BY_CODE[number & 0xff]) ?? "unavailable";
  return { code, detail: String(error) };
}
