import { parseVerifierKey } from "../note/verifier-key.ts";
import { checkLine, type ReadRecord } from "../record/check-line.ts";
import { type Detail, detailOf, edgeOf, sizeOf, textOf } from "../record/detail.ts";
import { createFrontier, type Frontier } from "../tree/frontier.ts";
import { openEnd } from "./check-checkpoint.ts";
import { checkBeginning } from "./pruned.ts";
import type { FirstBad } from "./report.ts";
import { checkRotation } from "./rotation.ts";
import { monoOf } from "./tail.ts";
import type { Walk } from "./walk.ts";

/** A line of a segment, in the reader's buffer. */
export interface Line {
  readonly buffer: Buffer;
  readonly start: number;
  readonly end: number;
  /** Whether it is the first of its segment. */
  readonly first: boolean;
  /** Whether the segment's last checkpoint lies before it. */
  readonly late: boolean;
}

/** What is wrong, in plain words; or where, when it is not this record but another file that does not agree with it. */
export type Finding = string | FirstBad | undefined;

/** Checks one record by itself, in the chain, and, for the log's own, what it claims; then the tree grows by it. */
export function checkRecord(walk: Walk, line: Line): Finding {
  const { buffer, start, end } = line;
  const checked = checkLine(buffer, start, end);
  if ("reason" in checked) return checked.reason;
  const { record } = checked;
  const text = () => buffer.toString("latin1", start, end);
  const finding = walk.chain.follow(record) ?? checkOwn(walk, record, text, line.first);
  if (finding !== undefined) return finding;
  const tree = treeOf(walk);
  tree.append(record.hash);
  walk.visitor?.leaf(record.seq, record.hash, text);
  // A later start reports such calls, which tells nobody what became of them: here they stay open.
  if (record.type !== "log.unfinished") walk.intents.see(record.type, record.ref, record.seq);
  if (line.late) walk.tail.see(record.type, monoOf(text()));
  if (tree.size < walk.anchors.due) return undefined;
  return walk.anchors.at(tree.size, record.hash, tree.root);
}

function treeOf(walk: Walk): Frontier {
  walk.tree ??= createFrontier();
  return walk.tree;
}

/** The records that the log writes about itself are claims that can be checked. */
function checkOwn(walk: Walk, record: ReadRecord, text: () => string, first: boolean): Finding {
  const { seq, type } = record;
  if (first && seq > 0 && type !== "log.segment")
    return "the segment does not begin with a record of what came before it";
  if (first && seq === 0) {
    const beginning = begin(walk, record, createFrontier());
    if (beginning) return beginning;
  }
  if (!type.startsWith("log.")) {
    return walk.open?.restarted === true ? openEnd(walk) : undefined;
  }
  switch (type) {
    case "log.segment":
      return first ? checkSegmentStart(walk, record, detailOf(text())) : "a segment's first record stands within it";
    case "log.pruned":
      return walk.pruned.said(detailOf(text()), seq);
    case "log.key_rotated":
      return changeKey(walk, record, detailOf(text()));
    case "log.opened":
      if (walk.open) walk.open.restarted = true;
      return hintKey(walk, detailOf(text()));
    default:
      return undefined;
  }
}

function checkSegmentStart(walk: Walk, record: ReadRecord, detail: Detail): Finding {
  const { seq } = record;
  const edge = edgeOf(detail);
  if (sizeOf(detail, "size") !== seq) return EDGE;
  if (walk.tree === undefined) {
    const tree = edgeOrNothing(seq, edge);
    if (tree === undefined || tree.root() !== textOf(detail, "root")) return EDGE;
    return begin(walk, record, tree);
  }
  const own = walk.tree.nodes();
  const root = walk.tree.root();
  if (own.length !== edge.length || own.some((node, i) => node !== edge[i]) || textOf(detail, "root") !== root) {
    return EDGE;
  }
  return walk.pruned.boundary(seq, root);
}

const EDGE = "the segment's edge of the tree does not fit the records before it";

function edgeOrNothing(size: number, edge: readonly string[]): Frontier | undefined {
  try {
    return createFrontier(size, edge);
  } catch {
    return undefined;
  }
}

function begin(walk: Walk, { log, seq }: ReadRecord, tree: Frontier): Finding {
  walk.tree = tree;
  walk.visitor?.begin(seq, tree.nodes());
  const { dir, keys, pruned, warnings } = walk;
  const root = tree.root();
  walk.anchors = walk.anchorsOf(log);
  const finding = walk.anchors.begin(seq, root);
  if (finding !== undefined) return finding;
  return pruned.boundary(seq, root) ?? checkBeginning({ dir, logId: log, from: seq, root, keys, pruned, warnings });
}

function changeKey({ keys, tree }: Walk, { log, seq }: ReadRecord, detail: Detail): Finding {
  const rotation = checkRotation(detail, log, seq, tree?.root() ?? "");
  return "reason" in rotation ? rotation.reason : keys.change(rotation);
}

/** A start names its key. That makes it no more trusted, but a verdict can then name it, too. */
function hintKey({ keys }: Walk, detail: Detail): undefined {
  const text = textOf(detail, "signer");
  if (text === undefined) return undefined;
  try {
    keys.hint(parseVerifierKey(text));
  } catch {
    // A log is free to name no key.
  }
  return undefined;
}
