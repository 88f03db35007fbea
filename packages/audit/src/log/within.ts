/** Waits for `work`, however it ends, but no longer than `ms`. Keeps the process alive meanwhile, as an open promise does not. */
export async function within(ms: number, work: Promise<unknown>): Promise<void> {
  const late = Promise.withResolvers<void>();
  const timer = setTimeout(late.resolve, ms);
  try {
    await Promise.race([work, late.promise]);
  } catch {
    // Whoever needs the reason has asked for it elsewhere.
  } finally {
    clearTimeout(timer);
  }
}
