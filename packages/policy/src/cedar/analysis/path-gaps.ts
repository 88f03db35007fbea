import { asExpr, conditionsOf, everyExpr, pathOf } from "../ast.ts";
import type { Rule } from "../load/rule.ts";

/**
 * A permit by the beginning of a path, where nothing keeps `..` out: `/work/../etc/passwd` is `like "/work/*"` too. The
 * engine compares text; only the tool knows what a path leads to.
 */
export function pathGaps(rule: Rule, all: readonly Rule[]): string | undefined {
  if (rule.effect === "forbid") return undefined;
  for (const { argument, pattern } of likesOf(rule)) {
    if (!/^[^*]*\/[^*]*\*/.test(pattern)) continue;
    const covered = [rule, ...all.filter((one) => one.effect === "forbid")];
    if (
      covered.some((one) => likesOf(one).some((other) => other.argument === argument && other.pattern.includes("..")))
    )
      continue;
    return `"${pattern}" also matches ${argument}s with ".." in them, which may lead out. Add: forbid ... when { context.args.${argument} like "*..*" }.`;
  }
  return undefined;
}

/** Every `context.args.X like "..."` of a rule; a star in the text itself is written `\*`. */
function likesOf({ ast }: Rule): readonly { readonly argument: string; readonly pattern: string }[] {
  return conditionsOf(ast)
    .flatMap(({ body }) => [...everyExpr(body)])
    .flatMap((expr) => {
      const like = asExpr(expr["like"]);
      const left = asExpr(like?.["left"]);
      const path = left === undefined ? undefined : pathOf(left);
      const pattern = like?.["pattern"];
      if (path?.[0] !== "context" || path[1] !== "args" || !Array.isArray(pattern)) return [];
      return [{ argument: path.slice(2).join("."), pattern: pattern.map(textOf).join("") }];
    });
}

function textOf(element: unknown): string {
  if (element === "Wildcard") return "*";
  const literal = asExpr(element)?.["Literal"];
  return literal === "*" ? "\\*" : String(literal);
}
