/** What RFC 3986 has no place for, such as `\\`, which many parsers take for `/`; and `%` without two digits in upper case. */
const NO_URI = /[^A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=%]|%(?![0-9A-F]{2})/;

/** An encoded letter, digit, `-`, `.`, `_` or `~`: the same URI as with the plain one (RFC 3986, 6.2.2.2). */
const NEEDLESS = /%(?:2[DE]|3[0-9]|[46][1-9A-F]|5[0-9AF]|7[0-9AE])/;

/**
 * Whether `uri` is spelt the one way in which its scheme and RFC 3986 (6.2.2) would write it.
 *
 * A policy compares text. What reads the resource parses it: it drops tabs and line ends, resolves `..` and `%2e%2e`,
 * decodes `%70`. So `/public/../private/b` passed a rule for `/public/`, and led to `/private/b`. With one spelling, what
 * was compared is what is read.
 */
export function isCanonicalUri(uri: string): boolean {
  if (NO_URI.test(uri) || NEEDLESS.test(uri)) return false;
  const url = URL.parse(uri);
  // Below a scheme without `/`, as in `urn:a/../b`, the parser itself leaves the dots where they are.
  return url?.href === uri && !url.pathname.split("/").some((segment) => segment === "." || segment === "..");
}
