import { type OpenIntents, openIntents } from "../log/intents.ts";
import type { Frontier } from "../tree/frontier.ts";
import type { AnchorCheck } from "./anchor-check.ts";
import { type ChainCheck, chainCheck } from "./chain-check.ts";
import type { KeyChain } from "./key-chain.ts";
import { type Pruned, pruned } from "./pruned.ts";
import type { FirstBad } from "./report.ts";
import { type Tail, tail } from "./tail.ts";

/** Sees what is checked, while it is checked: a proof is made of it. */
export interface Visitor {
  /** The log begins here: the edge of the tree over what was deleted. */
  begin(from: number, edge: readonly string[]): void;
  /** A record, before it is known whether a signature covers it. `line` is valid during the call. */
  leaf(seq: number, hash: string, line: () => string): void;
}

/** One walk through a log, from its first record to its last: where it stands, and everything that it is held against. */
export interface Walk {
  readonly dir: string;
  /** Number of the first record that is there, by the name of its segment. */
  readonly from: number;
  readonly chain: ChainCheck;
  /** Set once the first record was read: only then is it known where the tree begins. */
  tree: Frontier | undefined;
  readonly keys: KeyChain;
  /** Those of this log, once its id is known. */
  anchors: AnchorCheck;
  readonly anchorsOf: (origin: string | undefined) => AnchorCheck;
  readonly pruned: Pruned;
  readonly intents: OpenIntents;
  /** What follows the last checkpoint of a file. */
  readonly tail: Tail;
  readonly warnings: string[];
  readonly visitor: Visitor | undefined;
  /** Good checkpoints, and the size of the last. */
  checkpoints: number;
  signed: number;
  /** Where the first of them stands. */
  firstSigned: FirstBad | undefined;
  /** The size that a signed checkpoint had beyond the end. */
  beyond: number | undefined;
  /** A segment whose last checkpoint is missing, which only the end of a log may show. */
  open: OpenEnd | undefined;
}

/** The end of a segment for which there is no checkpoint. */
export interface OpenEnd {
  readonly bad: FirstBad;
  readonly file: string;
  /** What it would have to say. */
  readonly size: number;
  readonly root: string;
  /** A later start began; it signs what is missing before it takes calls. */
  restarted: boolean;
}

export function startWalk(options: Pick<Walk, "dir" | "from" | "keys" | "anchorsOf" | "visitor">): Walk {
  return {
    ...options,
    anchors: options.anchorsOf(undefined),
    chain: chainCheck(options.from),
    tree: undefined,
    pruned: pruned(),
    intents: openIntents(),
    tail: tail(),
    warnings: [],
    checkpoints: 0,
    signed: 0,
    firstSigned: undefined,
    beyond: undefined,
    open: undefined,
  };
}
