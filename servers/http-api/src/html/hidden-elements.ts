/** Elements whose content is no text that a reader of the page sees. `noscript`: the page is for browsers that run scripts. */
const NEVER_SHOWN: ReadonlySet<string> = new Set([
  ...[
    "script",
    "style",
    "template",
    "noscript",
    "noembed",
    "noframes",
    "head",
    "iframe",
    "object",
    "embed",
    "applet",
    "audio",
    "video",
  ],
  ...["canvas", "svg", "math", "map", "datalist", "frameset", "rp", "param", "source", "track"],
]);

/** Declarations after which nothing is seen, names and values in lower case, blanks and comments removed. */
const UNSEEN: readonly RegExp[] = [
  /^display:none/,
  /^visibility:(?:hidden|collapse)/,
  /^content-visibility:hidden/,
  /^opacity:(?:0+(?:\.0*)?|\.0+)(?:%|!|$)/,
  /^font-size:(?:0+(?:\.0*)?|\.0+)(?:[a-z%]|!|$)/,
  /^(?:max-)?(?:width|height):(?:0+(?:\.0*)?|\.0+)(?:[a-z%]|!|$)/,
  /^transform:.*scale[xy3d]*\((?:0+(?:\.0*)?|\.0+)[,)]/,
  /^scale:(?:0+(?:\.0*)?|\.0+)(?:%|!|$)/,
  /^(?:left|right|top|bottom|text-indent|margin-left|margin-top):-\d{3,}/,
  /^clip:rect\(0/,
  /^clip-path:inset\((?:50|100)%/,
  /^color:transparent/,
];

export interface Attributes {
  readonly [name: string]: string;
}

/**
 * Whether an element, and all in it, is hidden from whoever looks at the page: by its kind, by attribute, or by its own style.
 *
 * Best effort, for the instructions that are hidden in plain pages. Style sheets, scripts, and text in the colour of its background are
 * not evaluated; all that is shown stays untrusted.
 */
export function isHidden(name: string, attributes: Attributes): boolean {
  if (NEVER_SHOWN.has(name)) return true;
  if ("hidden" in attributes || attributes["aria-hidden"]?.trim().toLowerCase() === "true") return true;
  if (name === "dialog" && !("open" in attributes)) return true;
  if (name === "input" || name === "textarea" || name === "select") return true;
  if (attributes["width"] === "0" || attributes["height"] === "0") return true;
  const style = attributes["style"];
  return (
    style !== undefined &&
    declarations(style).some((declaration) => UNSEEN.some((pattern) => pattern.test(declaration)))
  );
}

/** Longest style that is read; a longer one hides what it is on, since nobody writes such a one by hand. */
const MAX_STYLE = 2048;

function declarations(style: string): readonly string[] {
  if (style.length > MAX_STYLE) return ["display:none"];
  return withoutComments(style)
    .replaceAll(/\\([0-9a-f]{1,6})\s?|\\(.)/gi, (_all, code: string | undefined, character: string | undefined) =>
      code === undefined ? (character ?? "") : fromCode(code),
    )
    .toLowerCase()
    .split(";")
    .map((declaration) => declaration.replaceAll(/\s+/g, ""));
}

/** By hand, since a pattern would look for the end of each of a thousand begun comments. */
function withoutComments(style: string): string {
  const [before = "", ...begun] = style.split("/*");
  const after = begun.map((comment) => {
    const end = comment.indexOf("*/");
    return end < 0 ? "" : comment.slice(end + 2);
  });
  return before + after.join("");
}

/** CSS Syntax 3, 4.3.7. */
function fromCode(code: string): string {
  const point = Number.parseInt(code, 16);
  return point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : "\ufffd";
}
