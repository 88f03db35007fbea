import { asExpr, conditionsOf, type Expr, everyExpr, literalOf, pathOf } from "../ast.ts";
import type { Rule } from "../load/rule.ts";

/** Arguments that name a place: one place has many names there. `sourcePath` and `root_dir` go by their last word. */
const PLACE =
  /(?:^|[._]|(?<=[a-z0-9])(?=[A-Z]))(?:paths?|files?|filenames?|dirs?|director(?:y|ies)|folders?|uris?|urls?|source|src|destination|dest|target|cwd|roots?)$/i;

/** Where a URI is what a resource is read by, the server has seen to its spelling. */
const URI = /uris?$/i;

/**
 * Conditions on the text of a path, where another text leads to the same place. The engine compares text; only the tool
 * knows what a path leads to.
 *
 * A permit by a beginning lets `/work/../etc/passwd` through as well, where nothing keeps `..` out. A forbid by text is
 * worse: what it does not recognise, it lets through.
 */
export function pathGaps(rule: Rule, all: readonly Rule[]): string | undefined {
  return rule.effect === "forbid" ? passedForbid(rule) : openPermit(rule, all);
}

function openPermit(rule: Rule, all: readonly Rule[]): string | undefined {
  for (const { argument, pattern } of likesOf(rule)) {
    if (!/^[^*]*\/[^*]*\*/.test(pattern)) continue;
    // The server knows a resource by one spelling, and `..` is in none.
    if (URI.test(argument) && onlyResources(rule)) continue;
    const covered = [rule, ...all.filter((one) => one.effect === "forbid")];
    if (
      covered.some((one) => likesOf(one).some((other) => other.argument === argument && other.pattern.includes("..")))
    )
      continue;
    const also = URI.test(argument) ? ` In a URI ".." is also "%2e%2e": let the tool refuse other spellings.` : "";
    return `"${pattern}" also matches ${argument}s with ".." in them, which may lead out. Add: forbid ... when { context.args.${argument} like "*..*" }.${also}`;
  }
  return undefined;
}

function passedForbid(rule: Rule): string | undefined {
  const texts = [...likesOf(rule), ...equalsOf(rule)];
  // "*..*" is no place: it takes away a way of spelling, and there is no other for it in a path.
  const found = texts.find(({ argument, pattern }) => PLACE.test(argument) && !/^\*?\/?\.\.\/?\*?$/.test(pattern));
  if (found === undefined) return undefined;
  const { argument, pattern } = found;
  const others = onlyResources(rule)
    ? "the server takes one spelling of a URI, but a link or a file system without case is another name"
    : `"./x", "a//b", an absolute path, other case or a link is another spelling`;
  return `"${pattern}" forbids a text, not a place: ${others} of the same ${argument}, and passes. Permit what is allowed by its beginning instead: permit ... when { context.args.${argument} like "/allowed/*" }.`;
}

function onlyResources({ covers }: Rule): boolean {
  return [...covers].every(({ operation }) => operation.method === "resources/read");
}

/** Every `context.args.X == "..."` and `[...].contains(context.args.X)` of a rule, and `context.args.X.contains("...")`. */
function equalsOf({ ast }: Rule): readonly { readonly argument: string; readonly pattern: string }[] {
  return conditionsOf(ast)
    .flatMap(({ body }) => [...everyExpr(body)])
    .flatMap((expr) =>
      ["==", "contains", "containsAll", "containsAny"].flatMap((operator) => {
        const compared = asExpr(expr[operator]);
        const sides = [asExpr(compared?.["left"]), asExpr(compared?.["right"])].filter((side) => side !== undefined);
        const argument = sides.map(argumentOf).find((name) => name !== undefined);
        const texts = sides.flatMap((side) => [...everyExpr(side)].map(literalOf));
        const pattern = texts.find((text) => typeof text === "string");
        return argument === undefined || typeof pattern !== "string" ? [] : [{ argument, pattern }];
      }),
    );
}

function argumentOf(expr: Expr): string | undefined {
  const path = pathOf(expr);
  return path?.[0] === "context" && path[1] === "args" && path.length > 2 ? path.slice(2).join(".") : undefined;
}

/** Every `context.args.X like "..."` of a rule; a star in the text itself is written `\*`. */
function likesOf({ ast }: Rule): readonly { readonly argument: string; readonly pattern: string }[] {
  return conditionsOf(ast)
    .flatMap(({ body }) => [...everyExpr(body)])
    .flatMap((expr) => {
      const like = asExpr(expr["like"]);
      const left = asExpr(like?.["left"]);
      const argument = left === undefined ? undefined : argumentOf(left);
      const pattern = like?.["pattern"];
      if (argument === undefined || !Array.isArray(pattern)) return [];
      return [{ argument, pattern: pattern.map(textOf).join("") }];
    });
}

function textOf(element: unknown): string {
  if (element === "Wildcard") return "*";
  const literal = asExpr(element)?.["Literal"];
  return literal === "*" ? "\\*" : String(literal);
}
