import { randomBytes } from "node:crypto";
import { folded } from "../fold.ts";

/**
 * The secret names of one connection: the schema that the file is attached as, the inner views that restrict tables, the hash
 * function. Whoever knew one could reach behind the rules, so all hold 128 random bits, live as long as the connection, and are taken
 * out of every text that goes to a caller. Names are compared in lower case, as SQLite does.
 */
export class Names {
  readonly secret = `h${randomBytes(16).toString("hex")}`;
  readonly schema = this.secret;
  readonly hash = `${this.secret}_hash`;
  readonly #inner = new Map<string, string>();
  readonly #hidden: string[] = [];
  readonly #shadows = new Set<string>();
  readonly #modules = new Set<string>();

  /** A name for the inner view over `table`. */
  addInner(table: string): string {
    const name = `${this.secret}_v${this.#inner.size}`;
    this.#inner.set(name, folded(table));
    return name;
  }

  isInner(name: string | null): boolean {
    return name !== null && this.#inner.has(name);
  }

  /** The table, in lower case, over which `name` is the inner view. */
  innerOf(name: string | null): string | undefined {
    return name === null ? undefined : this.#inner.get(name);
  }

  /** A name that no relation has; a view over it makes `table` answer as if it were not there. */
  addHidden(table: string): string {
    this.#hidden.push(table);
    return `${this.secret}_n${this.#hidden.length - 1}`;
  }

  /** The hidden table that an engine's text is about, if it is. */
  hiddenIn(text: string): string | undefined {
    const index = new RegExp(`${this.secret}_n(\\d+)`).exec(text)?.[1];
    return index === undefined ? undefined : this.#hidden[Number(index)];
  }

  addShadow(table: string): void {
    this.#shadows.add(folded(table));
  }

  addModules(modules: readonly string[]): void {
    for (const module of modules) {
      this.#modules.add(folded(module));
    }
  }

  /** Whether SQLite itself has a table of that name: `dbstat`, `pragma_table_list` and their like. */
  isModule(lower: string): boolean {
    return lower.startsWith("pragma_") || lower.startsWith("sqlite_") || this.#modules.has(lower);
  }

  get hasShadows(): boolean {
    return this.#shadows.size > 0;
  }

  isShadow(lower: string): boolean {
    return this.#shadows.has(lower);
  }

  /** `text` as a caller may read it. */
  scrub(text: string): string {
    return text
      .replaceAll(`${this.secret}.`, "")
      .replace(new RegExp(`${this.secret}_v\\d+`, "g"), (name) => this.#inner.get(name) ?? "")
      .replaceAll(this.secret, "");
  }
}
