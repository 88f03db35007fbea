const FIRST_DAY = Date.UTC(2023, 0, 1);
const DAY_MS = 86_400_000;

/** The sample covers these days from the first of January 2023. */
export const DAYS = 1400;
const DAY_NAMES = Array.from({ length: DAYS }, (_, day) =>
  new Date(FIRST_DAY + day * DAY_MS).toISOString().slice(0, "2023-01-01".length),
);
const TWO = Array.from({ length: 60 }, (_, n) => String(n).padStart(2, "0"));

export function date(day: number): string {
  return DAY_NAMES[Math.min(DAYS - 1, Math.max(0, day))] as string;
}

/** `2024-05-06 07:08:09`, which both databases read. */
export function timestamp(day: number, second: number): string {
  return `${date(day)} ${TWO[Math.floor(second / 3600) % 24]}:${TWO[Math.floor(second / 60) % 60]}:${TWO[second % 60]}`;
}
