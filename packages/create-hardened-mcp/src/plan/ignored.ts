import type { TextFile } from "./planned-file.ts";

/** What must never be committed, whatever a template says. */
const NEVER = ["node_modules/", "dist/", "secrets/"];

/** The `.gitignore`, with what must be in it. */
export function withIgnored(file: TextFile | undefined): TextFile {
  const text = file?.data.toString() ?? "";
  const lines = text.split("\n").map((line) => line.trim().replace(/^\//, ""));
  const missing = NEVER.filter((entry) => !lines.includes(entry));
  return { path: ".gitignore", data: text + missing.map((entry) => `${entry}\n`).join("") };
}
