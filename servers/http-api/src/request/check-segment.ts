import type { ApiOperation } from "../model/operation.ts";
import { refuseArgument } from "./refuse-argument.ts";

/** Nothing to fold: begins with a letter or a digit, and goes on with unreserved characters. */
const PLAIN = /^[A-Za-z0-9_~-][A-Za-z0-9._~-]*$/;
const CONTROL = /[\p{Cc}\u2028\u2029]/u;
/** Escapes of `.`, `/`, `\` that only careless servers know: overlong UTF-8 (CVE-2000-0884, CVE-2008-2938) and IIS's %u. */
const CARELESS_ESCAPE = /%(?:c[01]|e0%[89]|f0%8)|%u(?:002e|002f|005c|ff0e|ff0f|ff3c|2215|2216)/i;
const ESCAPES = /(?:%[0-9a-f]{2})+/gi;
/** Empty, or dots: dropped or climbed from. Trailing dots and blanks are no part of a name on Windows. */
const DOTS = /^[.\s]*$/;
/** Tomcat cuts parameters off first, so `..;x` climbs; who decodes once more cuts off a query. */
const DOTS_OR_CUT = /^(?:[.\s]*(?:;|$)|\s*\.[.\s]*[?#])/;
/** Rounds of decoding after which a value is refused for being escaped still. Known chains of proxies decode two or three times. */
const ROUNDS = 6;

export interface SegmentRules {
  /** `encode`: a slash is let through as %2F between two names, for APIs that want it (`group%2Fproject`). */
  readonly slashes: ApiOperation["slashes"];
  /** The segment may begin with `;`, by its own style. */
  readonly matrix: boolean;
}

/**
 * Refuses a segment that a server, or a proxy before it, could take for another path.
 *
 * Encoding is not enough. `new URL` folds `%2e%2e` as it folds `..`; nginx's proxy_pass with a path, IIS and many routers decode `%2F`
 * before they split; some decode twice; Windows and services that normalise fold full-width dots and slashes (CVE-2026-32871, mcphub
 * #1083, CVE-2026-6321). So the segment is looked at as each of them would see it. As a whole, because harmless values can make a
 * harmful one: `{a}{b}` of two dots, `%2` and `f`, or a dot in label style, which writes its own before it.
 *
 * @param segment decoded once
 * @param argument one of those in it
 * @throws {CallError} `invalid_input`
 */
export function checkSegment(segment: string, argument: string, { slashes, matrix }: SegmentRules): void {
  if (PLAIN.test(segment)) return;
  const decoded = fullyDecoded(segment);
  if (decoded === undefined) refuseArgument(argument, "holds escapes that have no place in a path.", "path_escape");
  const folded = bare(decoded);
  if (CONTROL.test(decoded)) refuseArgument(argument, "holds control characters.", "path_control");
  if (folded.includes("\\")) refuseArgument(argument, "holds a backslash, which has no place in a path.", "path_slash");
  // Escaped or full-width, a slash is no separator that the caller can have meant.
  if (folded.includes("/") && (slashes === "refuse" || count(folded) !== count(segment))) {
    refuseArgument(argument, "holds a slash, and has to stay one segment of the path.", "path_slash");
  }
  const climbs = matrix ? DOTS : DOTS_OR_CUT;
  if (folded.split("/").some((name) => climbs.test(name))) {
    refuseArgument(argument, "would be an empty or a dot segment of the path, which leads elsewhere.", "path_dots");
  }
}

/** Characters without a width are dropped by services that prepare names (RFC 8264). */
function bare(text: string): string {
  return text.replaceAll(/\p{Default_Ignorable_Code_Point}/gu, "").normalize("NFKC");
}

/** As servers compare it: decoded, in one case, without what has no width. What is escaped on and on stays as it is. */
export function seenByServers(segment: string): string {
  return bare(fullyDecoded(segment) ?? segment).toLowerCase();
}

/** What servers cut off before they compare: parameters (Tomcat), a query after decoding once more, dots and blanks at the end (Windows). */
export function cutByServers(seen: string): string {
  return (seen.split(/[;?#]/, 1)[0] ?? "").replace(/[.\s]+$/, "");
}

/**
 * Whether a path leads up for some server, whatever a URL parser says of it.
 *
 * @param path as a URL has it
 */
export function climbsForServers(path: string): boolean {
  return path.split("/").some((segment) => {
    const decoded = fullyDecoded(segment);
    return (
      decoded === undefined ||
      bare(decoded)
        .split(/[/\\]/)
        .some((name) => CLIMBING.test(name))
    );
  });
}

/** Two dots at least, and what some server cuts off. */
const CLIMBING = /^\s*\.[.\s]*\.[.\s]*(?:[;?#]|$)/;

/** The text after as many rounds of percent-decoding as change it; `undefined`: too many, or an escape that only careless servers know. */
function fullyDecoded(text: string): string | undefined {
  let decoded = text;
  for (let round = 0; round < ROUNDS; round++) {
    if (CARELESS_ESCAPE.test(decoded)) return undefined;
    const next = decoded.replaceAll(ESCAPES, bytesOf);
    if (next === decoded) return decoded;
    decoded = next;
  }
  return undefined;
}

/** Bytes that are no UTF-8 become replacement characters: what folds is ASCII, or became ASCII by normalising. */
function bytesOf(escapes: string): string {
  return Buffer.from(escapes.replaceAll("%", ""), "hex").toString("utf8");
}

function count(text: string): number {
  return text.split("/").length;
}
