/** Longer waits are no news to anyone. */
const MOST_MS = 24 * 60 * 60 * 1000;
/** RFC 9110, 5.6.7: IMF-fixdate, and the two obsolete forms that must be read. To `Date.parse` alone, `-1` and `1.5` are dates, too. */
const HTTP_DATE =
  /^(?:[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4}|[A-Z][a-z]{5,8}, \d{2}-[A-Z][a-z]{2}-\d{2}) \d{2}:\d{2}:\d{2} GMT$/;
const ASCTIME = /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2} \d{4}$/;

/**
 * Milliseconds of a `Retry-After` (RFC 9110, 10.2.3), 0 for a date that has passed, a day at most; `undefined` where it says nothing that can be
 * read.
 */
export function retryAfterMs(value: string | undefined, now = Date.now()): number | undefined {
  const said = value?.trim();
  if (said === undefined) return undefined;
  if (/^\d+$/.test(said)) return Math.min(Number(said) * 1000, MOST_MS);
  const at = HTTP_DATE.test(said) ? Date.parse(said) : ASCTIME.test(said) ? Date.parse(`${said} GMT`) : Number.NaN;
  return Number.isNaN(at) ? undefined : Math.min(Math.max(at - now, 0), MOST_MS);
}
