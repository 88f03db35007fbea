import { generateKeyPairSync, sign } from "node:crypto";
import { expect, test } from "vitest";
import { checkpointText, parseCheckpoint } from "../../src/note/checkpoint.ts";
import { checkNote, parseNote, signatureLine } from "../../src/note/note.ts";
import { parseVerifierKey, verifierKey } from "../../src/note/verifier-key.ts";

// The example of the specification itself: C2SP signed-note, "Example".
const KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
const NOTE =
  "This is an example message.\n\n\u2014 example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";

const { privateKey } = generateKeyPairSync("ed25519");
const OURS = verifierKey("test/key", privateKey);
const signed = (text: string) => `${text}\n${signatureLine(OURS, sign(undefined, Buffer.from(text), privateKey))}`;

test("verifies the example of the specification, and says under which key", () => {
  const key = parseVerifierKey(KEY);
  expect(key.text).toBe(KEY);
  expect(checkNote(parseNote(NOTE)!, [key])).toEqual({ good: [key], forged: false });
});

test("what it signs and names parses back to the same", () => {
  expect(parseVerifierKey(OURS.text)).toMatchObject({ name: "test/key", id: OURS.id, text: OURS.text });
  const note = parseNote(signed("a\nb\n"));
  expect(note?.text).toBe("a\nb\n");
  expect(checkNote(note!, [OURS]).good).toEqual([OURS]);
});

test.each([
  ["a changed text", (note: string) => note.replace("message", "massage")],
  ["a changed signature", (note: string) => note.replace("kn8s", "kn8t")],
  ["a signature cut short", (note: string) => note.replace("2IneyaQM=", "2A==")],
])("a note with %s is forged where its key is known, and worth nothing where not", (_name, change) => {
  const note = parseNote(change(NOTE));
  expect(checkNote(note!, [parseVerifierKey(KEY)])).toEqual({ good: [], forged: true });
  expect(checkNote(note!, [OURS])).toEqual({ good: [], forged: false });
});

test("a key of another under the same name and id does not verify", () => {
  const impostor = { ...OURS, verify: parseVerifierKey(KEY).verify };
  expect(checkNote(parseNote(signed("x\n"))!, [impostor])).toEqual({ good: [], forged: true });
});

test.each([
  ["nothing", ""],
  ["no signature", "text\n\n"],
  ["no blank line", "text\n\u2014 name AAAAAAAA\n"],
  ["a hyphen for the dash", NOTE.replace("\u2014", "-")],
  ["a name with a plus", NOTE.replace("example.com/foo U", "a+b U")],
  ["no final line feed", NOTE.trimEnd()],
  ["more after the signature", `${NOTE}more\n`],
  ["seventeen signatures", NOTE + NOTE.split("\n").slice(2, 3).join("").concat("\n").repeat(16)],
])("%s is no note", (_name, text) => {
  expect(parseNote(text)).toBeUndefined();
});

test.each([
  ["a wrong id", KEY.replace("530d903a", "530d903b")],
  ["another signature type", KEY.replace("+Aeky", "+Beky")],
  ["a name with a space", KEY.replace("example.com/foo", "a b")],
  ["nothing", ""],
  ["a second line", `${KEY}\n`],
])("refuses a public key with %s", (_name, text) => {
  expect(() => parseVerifierKey(text)).toThrow(expect.objectContaining({ code: "invalid" }));
});

test("refuses keys of another kind, and names that cannot stand in a note", () => {
  const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
  expect(() => verifierKey("k", rsa)).toThrow(expect.objectContaining({ code: "invalid" }));
  for (const name of ["", "a b", "a+b", "a\nb", "x".repeat(129), "\u00e9"]) {
    expect(() => verifierKey(name, privateKey)).toThrow(expect.objectContaining({ code: "invalid" }));
  }
});

const ROOT = Buffer.alloc(32, 0xfb).toString("base64url");

test("a checkpoint is three lines, the root in standard base64, and parses back", () => {
  const text = checkpointText({ origin: "notes/abc", size: 12, root: ROOT });
  expect(text).toBe(`notes/abc\n12\n${Buffer.alloc(32, 0xfb).toString("base64")}\n`);
  expect(parseCheckpoint(text)).toEqual({ origin: "notes/abc", size: 12, root: ROOT });
});

test.each([
  ["leading zero", (t: string) => t.replace("12", "012")],
  ["negative size", (t: string) => t.replace("12", "-12")],
  ["size beyond what is exact", (t: string) => t.replace("12", "9999999999999999")],
  ["short root", (t: string) => t.replace("+/v7", "")],
  ["second spelling of the root", (t: string) => t.replace(/.=\n$/, (end) => (end.startsWith("s") ? "t=\n" : "s=\n"))],
  ["extension line", (t: string) => `${t}more\n`],
  ["empty origin", (t: string) => t.replace("notes/abc", "")],
])("refuses a checkpoint with a %s", (_name, change) => {
  const text = checkpointText({ origin: "notes/abc", size: 12, root: ROOT });
  expect(change(text)).not.toBe(text);
  expect(parseCheckpoint(change(text))).toBeUndefined();
});
