/** Says whether a whole, already folded name matches. */
export type NameMatcher = (name: string) => boolean;

/**
 * Compiles a name pattern in which `*` stands for any run of characters, and nothing else is special.
 *
 * Patterns come from configuration, so they never become a RegExp: `(a+)+$` would be one. Pieces are found left to
 * right without backtracking; the earliest fit is always the best one when `*` is the only wildcard.
 */
export function compileWildcard(pattern: string): NameMatcher {
  const pieces = pattern.split("*");
  const head = pieces[0] ?? "";
  const tail = pieces[pieces.length - 1] ?? "";
  if (pieces.length === 1) return (name) => name === pattern;

  const middle = pieces.slice(1, -1);
  const shortest = head.length + tail.length;
  return (name) => {
    if (name.length < shortest || !name.startsWith(head) || !name.endsWith(tail)) return false;
    const end = name.length - tail.length;
    let from = head.length;
    for (const piece of middle) {
      const at = name.indexOf(piece, from);
      if (at < 0 || at + piece.length > end) return false;
      from = at + piece.length;
    }
    return true;
  };
}
