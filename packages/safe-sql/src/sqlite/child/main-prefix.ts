import { folded } from "../fold.ts";
import type { Policy } from "./policy.ts";

interface Token {
  readonly text: string;
  /** What it says as a name, in lower case; of a text in single quotes, too, which SQLite takes for a name in some places. */
  readonly name: string;
  readonly start: number;
}

/** Blanks and comments; texts and quoted names; words and numbers; anything else is one character. As SQLite's tokenizer has them. */
const TOKENS =
  /(?<blank>[ \t\n\f\r]+|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$))|'[^']*(?:''[^']*)*'|"[^"]*(?:""[^"]*)*"|`[^`]*(?:``[^`]*)*`|\[[^\]]*\]|[\w$\u0080-\uffff]+|[\s\S]/g;

/**
 * `sql` without the `main.` before relations that may be read, as ORMs and BI tools write it. Here `main` is an empty database (see
 * connection.ts) and `products` leads to what the caller knows as `main.products`.
 *
 * This guards nothing: what comes out is compiled and judged like any statement, so a text that is misread here can only fail, or
 * read what its caller may read anyway. So that it does not read something else than meant, a statement is left as it is, and
 * refused, where `main` is also the name of something, or the relation's name is also that of a CTE.
 */
export function withoutMain(policy: Policy, sql: string): string {
  if (!/main/i.test(sql)) {
    return sql;
  }
  const tokens = tokensOf(sql);
  const prefixes = new Set<number>();
  for (const [index, { name, text }] of tokens.entries()) {
    if (name === "main" && isPrefix(tokens, index)) {
      const access = policy.get(tokens[index + 2]?.name ?? "");
      if (access !== undefined && access.kind !== "hidden") {
        prefixes.add(index);
      }
    } else if (name === "main" && (text[0] !== "'" || isAlias(tokens, index))) {
      return sql;
    }
  }
  const bare = new Set([...prefixes].map((index) => tokens[index + 2]?.name));
  if (tokens.some(({ name }, index) => bare.has(name) && !prefixes.has(index - 2) && isCte(tokens, index))) {
    return sql;
  }
  return without(sql, tokens, prefixes);
}

function tokensOf(sql: string): Token[] {
  return [...sql.matchAll(TOKENS)]
    .filter(({ groups }) => groups?.["blank"] === undefined)
    .map(({ 0: text, index }) => ({ text, name: nameOf(text), start: index }));
}

function nameOf(text: string): string {
  const quote = text.length < 2 ? undefined : text[0];
  const bare =
    quote === "[" ? text.slice(1, -1) : quote !== undefined && `'"\``.includes(quote) ? inside(text, quote) : text;
  return folded(bare);
}

function inside(text: string, quote: string): string {
  return text.slice(1, -1).replaceAll(quote + quote, quote);
}

/** `main` before a dot, and not itself after one. */
function isPrefix(tokens: readonly Token[], index: number): boolean {
  return tokens[index + 1]?.text === "." && tokens[index - 1]?.text !== ".";
}

/** A text in single quotes after a name is an alias. */
function isAlias(tokens: readonly Token[], index: number): boolean {
  return /^[\w$\u0080-\uffff"`[)]/.test(tokens[index - 1]?.text ?? "");
}

/** `products as (`, `products as [not] materialized (` and `products (a, b) as (`. */
function isCte(tokens: readonly Token[], index: number): boolean {
  const [next, after] = [tokens[index + 1]?.name, tokens[index + 2]?.name ?? ""];
  return next === "(" || (next === "as" && ["(", "not", "materialized"].includes(after));
}

function without(sql: string, tokens: readonly Token[], prefixes: ReadonlySet<number>): string {
  let kept = "";
  let from = 0;
  for (const index of prefixes) {
    // The quote of `join"main".products` kept two words apart.
    kept += `${sql.slice(from, tokens[index]?.start)}${/^\w/.test(tokens[index]?.text ?? "") ? "" : " "}`;
    from = tokens[index + 2]?.start ?? sql.length;
  }
  return kept + sql.slice(from);
}
