import type { Hash } from "../tree/node-hash.ts";

/** The details of one of the log's own records, as they stand there: everything in them is still to be checked. */
export type Detail = Readonly<Record<string, unknown>>;

/** @param line a record whose hash was checked */
export function detailOf(line: string): Detail {
  const { detail } = JSON.parse(line) as { readonly detail?: unknown };
  return typeof detail === "object" && detail !== null ? (detail as Detail) : {};
}

export function textOf(detail: Detail, name: string): string | undefined {
  const value = Object.hasOwn(detail, name) ? detail[name] : undefined;
  return typeof value === "string" ? value : undefined;
}

export function sizeOf(detail: Detail, name: string): number | undefined {
  const value = Object.hasOwn(detail, name) ? detail[name] : undefined;
  return Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : undefined;
}

/** `frontier.0`, `frontier.1`, ... of a record `log.segment`; a tree has at most 53 of them. */
export function edgeOf(detail: Detail): Hash[] {
  const nodes: Hash[] = [];
  for (let i = 0; i < 53; i++) {
    const node = textOf(detail, `frontier.${i}`);
    if (node === undefined || !isHash(node)) break;
    nodes.push(node);
  }
  return nodes;
}

/** Base64url has several spellings of some values; a hash has one. */
function isHash(text: string): boolean {
  return /^[\w-]{43}$/.test(text) && Buffer.from(text, "base64url").toString("base64url") === text;
}
