/** A compiled template. */
export interface UriTemplate {
  /** Names of its variables, in their order. */
  readonly names: readonly string[];
  /** The variables of a URI, or `undefined` when it is not one of the template's. */
  match(uri: string): Readonly<Record<string, string>> | undefined;
}

/**
 * A matcher for the small part of RFC 6570 that a resource needs: `{name}` (one segment, no `/`) and, last, `{+rest}`.
 *
 * The general algorithm backtracks, and a crafted URI of fifty characters once kept a server busy for minutes
 * (CVE-2026-0621). Here every variable ends at the next literal's first occurrence, so a match is linear.
 *
 * @throws {TypeError} for any other operator, two variables side by side, or `{+rest}` before the end
 */
export function compileUriTemplate(template: string): UriTemplate {
  const parts = template.split(/(\{[^{}]*\})/).filter((part) => part !== "");
  const tokens = parts.map(parseToken);
  for (const [index, token] of tokens.entries()) {
    const next = tokens[index + 1];
    if (token.kind === "rest" && next !== undefined) throw new TypeError("{+rest} must come last");
    if (token.kind !== "literal" && next !== undefined && next.kind !== "literal") {
      throw new TypeError("two variables need a literal between them");
    }
  }
  const names = tokens.flatMap((token) => (token.kind === "literal" ? [] : [token.name]));
  if (new Set(names).size < names.length) throw new TypeError("a variable may occur only once");
  return { names, match: (uri) => matchTokens(tokens, uri) };
}

type Token =
  | { readonly kind: "literal"; readonly text: string }
  | { readonly kind: "one" | "rest"; readonly name: string };

function parseToken(part: string): Token {
  if (!/[{}]/.test(part)) return { kind: "literal", text: part };
  const name = /^\{(\+?)([A-Za-z][A-Za-z0-9_]{0,31})\}$/.exec(part);
  if (name?.[2] === undefined) throw new TypeError(`${part} is not a supported expression; use {name} or {+rest}`);
  return { kind: name[1] === "+" ? "rest" : "one", name: name[2] };
}

function matchTokens(tokens: readonly Token[], uri: string): Readonly<Record<string, string>> | undefined {
  const variables: Record<string, string> = {};
  let at = 0;
  for (const [index, token] of tokens.entries()) {
    if (token.kind === "literal") {
      if (!uri.startsWith(token.text, at)) return undefined;
      at += token.text.length;
      continue;
    }
    const next = tokens[index + 1];
    const end = next?.kind === "literal" ? uri.indexOf(next.text, at) : uri.length;
    if (end <= at) return undefined;
    const value = uri.slice(at, end);
    if (token.kind === "one" && value.includes("/")) return undefined;
    variables[token.name] = value;
    at = end;
  }
  return at === uri.length ? variables : undefined;
}
