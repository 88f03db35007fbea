import { EMPTY_ROOT, type Hash, nodeHash } from "./node-hash.ts";

/**
 * The right edge of an RFC 6962 tree: the roots of its largest complete subtrees, from left to right, at most 53 of them.
 * It is all that is needed to add leaves and to know the root, whatever the size of the tree.
 */
export interface Frontier {
  /** Leaves so far. */
  readonly size: number;
  append(leaf: Hash): void;
  /** Root of the tree as it stands. */
  root(): Hash;
  /** A copy of the edge, to go on from later; one node for each bit that is set in `size`. */
  nodes(): Hash[];
}

/**
 * @param size leaves that `nodes` stands for; default: an empty tree
 * @throws {RangeError} `nodes` cannot be the edge of a tree of `size` leaves
 */
export function createFrontier(size = 0, nodes: readonly Hash[] = []): Frontier {
  if (!Number.isSafeInteger(size) || size < 0 || nodes.length !== bitsSet(size)) {
    throw new RangeError("the number of nodes does not fit the size of the tree");
  }
  const edge = [...nodes];
  let count = size;
  return {
    get size() {
      return count;
    },
    append(leaf) {
      let node = leaf;
      // Each trailing one of the count is a complete subtree as large as the one that is being carried.
      for (let rest = count; rest % 2 === 1; rest = (rest - 1) / 2) node = nodeHash(edge.pop() as Hash, node);
      edge.push(node);
      count++;
    },
    root: () => rootOf(edge),
    nodes: () => [...edge],
  };
}

/** The root over an edge: RFC 6962 hashes the smaller, right side first. */
export function rootOf(nodes: readonly Hash[]): Hash {
  let root = nodes.at(-1);
  if (root === undefined) return EMPTY_ROOT;
  for (let i = nodes.length - 2; i >= 0; i--) root = nodeHash(nodes[i] as Hash, root);
  return root;
}

/** Not by bitwise operators: sizes go beyond 32 bits. */
function bitsSet(size: number): number {
  let bits = 0;
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) bits += rest % 2;
  return bits;
}
