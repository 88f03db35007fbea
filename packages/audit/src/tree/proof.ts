import { type Hash, nodeHash } from "./node-hash.ts";

/**
 * Checks that `leaf` is number `index` of the tree with `size` leaves and `root` (RFC 9162, section 2.1.3.2, which spells
 * out RFC 6962).
 *
 * @param path sibling hashes from the leaf up
 */
export function includes(leaf: Hash, index: number, size: number, path: readonly Hash[], root: Hash): boolean {
  if (index >= size || index < 0) return false;
  let at = index;
  let last = size - 1;
  let node = leaf;
  for (const sibling of path) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      node = nodeHash(sibling, node);
      while (at % 2 === 0 && at !== 0) [at, last] = [at / 2, Math.floor(last / 2)];
    } else node = nodeHash(node, sibling);
    at = Math.floor(at / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 && node === root;
}

/**
 * Checks that the tree of `oldSize` leaves is the beginning of the tree of `newSize` leaves (RFC 9162, section 2.1.4.2).
 *
 * @param path as RFC 6962, section 2.1.2, has it; empty for equal sizes
 */
export function isConsistent(
  oldSize: number,
  newSize: number,
  oldRoot: Hash,
  newRoot: Hash,
  path: readonly Hash[],
): boolean {
  if (oldSize === newSize) return path.length === 0 && oldRoot === newRoot;
  if (oldSize <= 0 || oldSize > newSize) return false;
  const [first, ...rest] = isPowerOfTwo(oldSize) ? [oldRoot, ...path] : path;
  if (first === undefined) return false;
  let at = oldSize - 1;
  let last = newSize - 1;
  while (at % 2 === 1) [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  let [older, newer] = [first, first];
  for (const node of rest) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      older = nodeHash(node, older);
      newer = nodeHash(node, newer);
      while (at % 2 === 0 && at !== 0) [at, last] = [at / 2, Math.floor(last / 2)];
    } else newer = nodeHash(newer, node);
    at = Math.floor(at / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 && older === oldRoot && newer === newRoot;
}

function isPowerOfTwo(n: number): boolean {
  let rest = n;
  while (rest % 2 === 0) rest /= 2;
  return rest === 1;
}
