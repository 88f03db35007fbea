import { hasUnseen } from "./visible.ts";

/** One word of a command line for a POSIX shell; `$'...'` (POSIX.1-2024, bash, zsh) where a character of it would not be seen. */
export function shellWord(text: string): string {
  if (/^[\w@%+=:,./-]+$/.test(text) && !text.startsWith("-")) return text;
  if (hasUnseen(text)) return `$'${[...text].map(escaped).join("")}'`;
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** Its bytes in octal, three digits each, so that no digit that follows belongs to them. */
function escaped(character: string): string {
  if (character === "'" || character === "\\") return `\\${character}`;
  if (!hasUnseen(character)) return character;
  return [...Buffer.from(character)].map((byte) => `\\${byte.toString(8).padStart(3, "0")}`).join("");
}
