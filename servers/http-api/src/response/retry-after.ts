/** Longer waits are no news to anyone who calls. */
const MOST_MS = 24 * 60 * 60 * 1000;
/** RFC 9110, 5.6.7: IMF-fixdate. The obsolete forms are not read. */
const HTTP_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/** Milliseconds of a `Retry-After` (RFC 9110, 10.2.3); `undefined` where it says nothing that can be read. */
export function retryAfterMs(value: string | undefined, now = Date.now()): number | undefined {
  if (value === undefined) return undefined;
  if (/^\d{1,9}$/.test(value)) return Math.min(Number(value) * 1000, MOST_MS);
  const at = HTTP_DATE.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(at) ? undefined : Math.min(Math.max(at - now, 0), MOST_MS);
}
