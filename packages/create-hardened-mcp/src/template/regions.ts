import type { Chosen } from "../options/choices.ts";
import { holds } from "./condition.ts";

const MARKER = /^\s*(?:<!--\s*(.*?)\s*-->|#\s*(.*?)|\/\/\s*(.*?))\s*$/;

/** What a marker line says: the terms of a region that opens, `"end"`, or nothing of ours. */
function markerOf(line: string): string | undefined {
  const [, html, hash, slashes] = MARKER.exec(line) ?? [];
  const comment = html ?? hash ?? slashes ?? "";
  if (comment === "end only") return "end";
  return comment.startsWith("only: ") ? comment.slice("only: ".length) : undefined;
}

/**
 * Keeps the regions of a text whose conditions hold, drops the others, and drops every marker.
 *
 * @throws {Error} a region in a region, one that does not end, an end without a beginning, a condition that is none
 */
export function keepRegions(text: string, chosen: Chosen): string {
  const kept: string[] = [];
  let open: { readonly holds: boolean } | undefined;
  let afterMarker = false;
  for (const line of text.split("\n")) {
    const marker = markerOf(line);
    if (marker === undefined) {
      if (open?.holds === false) continue;
      // Where a region was taken out from between two blank lines, one is enough.
      const doubled = afterMarker && line.trim() === "" && (kept.at(-1) ?? "").trim() === "";
      if (!doubled) kept.push(line);
      afterMarker = false;
      continue;
    }
    afterMarker = true;
    if ((marker === "end") === (open === undefined))
      throw new Error(`The marker ${JSON.stringify(line)} is in the wrong place.`);
    open = marker === "end" ? undefined : { holds: holds(marker, chosen) };
  }
  if (open !== undefined) throw new Error("A region does not end.");
  return kept.join("\n").replace(/\n{2,}$/, "\n");
}
