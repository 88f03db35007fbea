/** Sessions and credentials, whatever the configuration says. */
const NEVER = /^(?:set-cookie2?|proxy-.*|authentication-info|__proto__)$/;
/** Characters of one value. */
const MAX_VALUE = 2048;

/**
 * The headers that are shown, without control and format characters.
 *
 * @param hide replaces secrets
 */
export function selectHeaders(
  headers: Readonly<Record<string, string>>,
  names: readonly string[],
  hide: (text: string) => string,
): Record<string, string> {
  const selected: Record<string, string> = {};
  for (const name of names) {
    const lower = name.toLowerCase();
    const value = Object.hasOwn(headers, lower) && !NEVER.test(lower) ? headers[lower] : undefined;
    // Cut last: a cut before would leave the beginning of a secret.
    if (value !== undefined) selected[lower] = hide(value.replaceAll(/[\p{Cc}\p{Cf}]/gu, "")).slice(0, MAX_VALUE);
  }
  return selected;
}
