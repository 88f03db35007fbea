import type { PlannedFile } from "./planned-file.ts";

/** What must never be committed, whatever a template says. */
const NEVER = ["node_modules/", "dist/", "secrets/"];

/** The `.gitignore`, with what must be in it. */
export function withIgnored(file: PlannedFile | undefined): PlannedFile {
  const text = file?.data.toString() ?? "";
  return { path: ".gitignore", joined: true, data: text + added(text, NEVER) };
}

/** The `.gitignore` that somebody has, byte for byte, and what it lacks of ours: what they keep out of git stays out. */
export function joinIgnored(old: Uint8Array, ours: string): Uint8Array {
  return Buffer.concat([
    old,
    Buffer.from(added(Buffer.from(old).toString("latin1"), ours.split("\n").filter(Boolean))),
  ]);
}

/** What comes after `text`, so that all lines are in force. */
function added(text: string, wanted: readonly string[]): string {
  const lines = text.split("\n");
  // A line that takes something back counts for what stands above it.
  const last = lines.findLastIndex((line) => line.startsWith("!"));
  const missing = wanted.filter((line) => lines.lastIndexOf(line) <= last);
  const end = text === "" || text.endsWith("\n") ? "" : "\n";
  return end + missing.map((line) => `${line}\n`).join("");
}
