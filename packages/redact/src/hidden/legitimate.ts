const ZWNJ = 0x200c;
const ZWJ = 0x200d;
const TEXT_STYLE = 0xfe0e;
const EMOJI_STYLE = 0xfe0f;

/** Scripts whose spelling needs joiners (Unicode Standard 23.2; RFC 5892 appendix A allows them for the same reason). */
const JOINING_LETTER =
  /^[\p{Script=Arabic}\p{Script=Syriac}\p{Script=Mongolian}\p{Script=Nko}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gurmukhi}\p{Script=Gujarati}\p{Script=Oriya}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Sinhala}\p{Script=Khmer}]$/u;
const EMOJI = /^\p{Extended_Pictographic}$/u;
const EMOJI_OR_MODIFIER = /^[\p{Extended_Pictographic}\p{Emoji_Modifier}]$/u;
const KEYCAP_BASE = /^[0-9#*]$/;
const KEYCAP = 0x20e3;

/**
 * Whether an otherwise hidden character is doing its job: a joiner between two letters of a script that needs it or
 * between two emoji, or a style selector directly after an emoji.
 *
 * Persian and family emoji would be ruined without. The price is known: in such text a writer can still hide about one
 * bit between two letters.
 */
export function isLegitimateJoiner(text: string, index: number, codePoint: number): boolean {
  if (codePoint !== ZWNJ && codePoint !== ZWJ && codePoint !== TEXT_STYLE && codePoint !== EMOJI_STYLE) return false;
  const before = characterBefore(text, index);
  if (codePoint === TEXT_STYLE || codePoint === EMOJI_STYLE) return isStyle(text, index);
  const after = characterAt(text, index + 1);
  if (JOINING_LETTER.test(before) && JOINING_LETTER.test(after)) return true;
  if (codePoint !== ZWJ || !EMOJI.test(after)) return false;
  if (before.charCodeAt(0) === EMOJI_STYLE) return isStyle(text, index - 1);
  return EMOJI_OR_MODIFIER.test(before);
}

/** A style selector after a digit is a hiding place, unless a keycap follows. */
function isStyle(text: string, index: number): boolean {
  const before = characterBefore(text, index);
  return EMOJI.test(before) || (KEYCAP_BASE.test(before) && text.charCodeAt(index + 1) === KEYCAP);
}

function characterAt(text: string, index: number): string {
  const codePoint = text.codePointAt(index);
  return codePoint === undefined ? "" : String.fromCodePoint(codePoint);
}

function characterBefore(text: string, index: number): string {
  const pair = text.slice(Math.max(0, index - 2), index);
  const codePoint = pair.codePointAt(0) ?? 0;
  return codePoint > 0xffff ? pair : pair.slice(-1);
}
