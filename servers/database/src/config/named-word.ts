import { basename, extname } from "node:path";
import { ConfigError } from "@hardened-mcp/server";
import { UsageError } from "@hardened-mcp/server/command-line";

/** A source that the command line names. */
export interface WordSource {
  readonly name: string;
  readonly config: Readonly<Record<string, string>>;
}

/**
 * A file or a URL as a source, named after the file or the database.
 *
 * @throws {UsageError} a URL with a password: every process of this machine can read a command line
 */
export function sourceOfWord(word: string): WordSource {
  if (!/^[a-z][a-z0-9+.-]+:\/\//i.test(word)) {
    const file = basename(word);
    return { name: nameOf(file.slice(0, file.length - extname(file).length)), config: { type: "sqlite", file: word } };
  }
  const url = URL.parse(word);
  // Nothing of it is repeated: what is wrong with it may be that it holds a secret.
  if (url === null || !/^postgres(?:ql)?:$/.test(url.protocol)) {
    throw new UsageError("A source is a SQLite file, or postgres://ROLE@HOST/DATABASE.");
  }
  if (url.password !== "" || url.searchParams.has("password")) {
    throw new UsageError(
      'A URL on the command line must hold no password: every process of this machine can see it. Put the URL in a file of mode 600 and name it in the configuration ("urlFile"), or in the variable HARDENED_MCP_DATABASE_URL.',
    );
  }
  return { name: nameOf(decodeURIComponent(url.pathname.slice(1))), config: { type: "postgres", url: word } };
}

/** @throws {ConfigError} two of one name, or one that the configuration has: its rules must not be lost to a word */
export function refuseSameNames(words: readonly WordSource[], configured: readonly string[]): void {
  const seen = new Set(configured);
  for (const { name } of words) {
    if (seen.has(name)) {
      throw new ConfigError(`There are two sources named "${name}". Name each in the configuration: "sources".`);
    }
    seen.add(name);
  }
}

function nameOf(text: string): string {
  const name = text
    .toLowerCase()
    .replaceAll(/[^a-z0-9_-]+/g, "_")
    .replace(/^[^a-z]+/, "")
    .slice(0, 32);
  return name === "" ? "database" : name;
}
