import type { PlannedFile } from "./planned-file.ts";

/** What must never be committed, whatever a template says. */
const NEVER = ["node_modules/", "dist/", "secrets/"];

/** The `.gitignore`, with what must be in it. */
export function withIgnored(file: PlannedFile | undefined): PlannedFile {
  const text = file?.data.toString() ?? "";
  const whole = text === "" || text.endsWith("\n") ? text : `${text}\n`;
  const lines = text.split("\n");
  // A line that takes something back counts for what stands above it.
  const last = lines.findLastIndex((line) => line.startsWith("!"));
  const missing = NEVER.filter((entry) => lines.lastIndexOf(entry) <= last);
  return { path: ".gitignore", data: whole + missing.map((entry) => `${entry}\n`).join("") };
}
