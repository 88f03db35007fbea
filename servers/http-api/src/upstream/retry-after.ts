/**
 * `Retry-After` (RFC 9110, section 10.2.3): seconds, or a date.
 *
 * @returns milliseconds from now, 0 for a date that has passed; `undefined` where there is none that can be read
 */
export function readRetryAfter(headers: Readonly<Record<string, string>>): number | undefined {
  const value = headers["retry-after"]?.trim();
  if (value === undefined) return undefined;
  if (/^\d{1,10}$/.test(value)) return Number(value) * 1000;
  // Only an HTTP date: `Date.parse` also takes `-1` and `1.5`, as years and months.
  if (!/^[A-Z][a-z]{2,8},? .*\d{2}:\d{2}:\d{2}/.test(value)) return undefined;
  const time = Date.parse(value);
  return Number.isNaN(time) ? undefined : Math.max(0, time - Date.now());
}
