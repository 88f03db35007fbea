/** Why a character is not seen as what it is. */
export type HiddenKind =
  | "control"
  | "soft_hyphen"
  | "filler"
  | "bidi"
  | "zero_width"
  | "line_separator"
  | "variation_selector"
  | "annotation"
  | "lone_surrogate"
  | "tag";

/** First and last code point. Tab, line feed and carriage return are text. */
export const HIDDEN_RANGES: readonly (readonly [first: number, last: number, kind: HiddenKind])[] = [
  [0x00, 0x08, "control"],
  [0x0b, 0x0c, "control"],
  [0x0e, 0x1f, "control"],
  [0x7f, 0x9f, "control"],
  [0xad, 0xad, "soft_hyphen"],
  [0x034f, 0x034f, "zero_width"],
  [0x061c, 0x061c, "bidi"],
  [0x115f, 0x1160, "filler"],
  [0x17b4, 0x17b5, "zero_width"],
  [0x180b, 0x180d, "variation_selector"],
  [0x180e, 0x180e, "zero_width"],
  [0x180f, 0x180f, "variation_selector"],
  [0x200b, 0x200d, "zero_width"],
  [0x200e, 0x200f, "bidi"],
  [0x2028, 0x2029, "line_separator"],
  [0x202a, 0x202e, "bidi"],
  [0x2060, 0x2065, "zero_width"],
  [0x2066, 0x2069, "bidi"],
  [0x206a, 0x206f, "zero_width"],
  [0x3164, 0x3164, "filler"],
  [0xd800, 0xdfff, "lone_surrogate"],
  [0xfe00, 0xfe0f, "variation_selector"],
  [0xfeff, 0xfeff, "zero_width"],
  [0xffa0, 0xffa0, "filler"],
  [0xfff0, 0xfff8, "zero_width"],
  [0xfff9, 0xfffb, "annotation"],
  [0x1bca0, 0x1bca3, "zero_width"],
  [0x1d173, 0x1d17a, "zero_width"],
  [0xe0000, 0xe007f, "tag"],
  [0xe0080, 0xe00ff, "tag"],
  [0xe0100, 0xe01ef, "variation_selector"],
  [0xe01f0, 0xe0fff, "tag"],
];
