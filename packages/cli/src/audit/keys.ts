import { AuditError, parseVerifierKeys } from "@hardened-mcp/audit";
import { exit, Failure } from "../exit.ts";
import type { Flags } from "../flags.ts";
import { readInput } from "../input/read-input.ts";

/** The option of every command that takes public keys. */
export const pubOption = { pub: { type: "string", multiple: true } } as const;

/** For `--help`. */
export const PUB_HELP =
  "  --pub KEY|FILE     a public key as its owner handed it out, NAME+ID+KEY, or a file of them; again for more keys\n";

/**
 * Public keys of `--pub`, one a line; undefined when none was given.
 *
 * @throws {Failure} 78: a file that cannot be read, or holds no key; a check with fewer keys than meant would not be that check
 */
export async function publicKeys(flags: Flags): Promise<string | undefined> {
  const values = flags.values("pub");
  const texts: string[] = [];
  for (const value of values) texts.push(isKey(value) ? value : (await readInput(value, "--pub")).toString("latin1"));
  if (texts.length === 0) return undefined;
  for (const [i, text] of texts.entries()) {
    try {
      parseVerifierKeys(text);
    } catch (error) {
      if (!(error instanceof AuditError)) throw error;
      throw new Failure(exit.configuration, `--pub ${values[i]}: ${error.message}`, { cause: error });
    }
  }
  return texts.join("\n");
}

/** A name, eight digits and a key: no path that anybody has. */
function isKey(value: string): boolean {
  return /^[^+]+\+[0-9a-f]{8}\+/.test(value);
}
