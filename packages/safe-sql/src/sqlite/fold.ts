/**
 * A name in the form in which SQLite compares names: A to Z alone are folded. `toLowerCase()` folds every script: a hidden table `ÜNÏ`
 * beside an open `ünï`, or `K` as the sign of the kelvin beside the letter, then counted as one table, and nothing stood before the other.
 */
export function folded(name: string): string {
  return ASCII.test(name) ? name.toLowerCase() : name.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

const ASCII = /^[\0-\x7f]*$/;
