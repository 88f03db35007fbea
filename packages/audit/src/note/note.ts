import type { VerifierKey } from "./verifier-key.ts";

/** Begins a signature line: em dash and space. */
const MARK = "\u2014 ";
/** A signature of Ed25519 behind the four bytes of the key's id. */
const SIGNATURE_BYTES = 68;

/** One signature under a note. */
export interface NoteSignature {
  readonly name: string;
  /** The key's id, in hexadecimal. */
  readonly id: string;
  readonly signature: Buffer;
}

/** A C2SP signed note. */
export interface Note {
  /** The signed text, with its final line feed. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

/** The signature line of `key`, with its line feed. */
export function signatureLine(key: Pick<VerifierKey, "name" | "id">, signature: Buffer): string {
  return `${MARK}${key.name} ${Buffer.concat([Buffer.from(key.id, "hex"), signature]).toString("base64")}\n`;
}

/**
 * Parses a note, which is not to say that it is true: see {@link checkNote}.
 *
 * @returns undefined for anything that is no note
 */
export function parseNote(note: string): Note | undefined {
  const end = note.lastIndexOf("\n\n");
  if (end === -1 || !note.endsWith("\n")) return undefined;
  const signatures: NoteSignature[] = [];
  for (const line of note.slice(end + 2, -1).split("\n")) {
    const match = /^\u2014 ([^\s+]+) ([A-Za-z0-9+/]+={0,2})$/.exec(line);
    if (match === null || signatures.length === 16) return undefined;
    const bytes = Buffer.from(match[2] ?? "", "base64");
    if (bytes.length < 5) return undefined;
    signatures.push({ name: match[1] ?? "", id: bytes.toString("hex", 0, 4), signature: bytes.subarray(4) });
  }
  return signatures.length === 0 ? undefined : { text: note.slice(0, end + 1), signatures };
}

/** What the signatures of a note are worth, before the keys `known`. */
export interface NoteCheck {
  /** Keys whose signature is good. */
  readonly good: readonly VerifierKey[];
  /** A known key's name and id stand over a signature that is not its own: the note is to be refused whole. */
  readonly forged: boolean;
}

/** Signatures of unknown keys are passed over, as the specification has it; for them, the note is neither good nor bad. */
export function checkNote(note: Note, known: readonly VerifierKey[]): NoteCheck {
  const message = Buffer.from(note.text);
  const good: VerifierKey[] = [];
  let forged = false;
  for (const { name, id, signature } of note.signatures) {
    const key = known.find((one) => one.name === name && one.id === id);
    if (key === undefined) continue;
    if (signature.length === SIGNATURE_BYTES - 4 && key.verify(message, signature)) good.push(key);
    else forged = true;
  }
  return { good, forged };
}
