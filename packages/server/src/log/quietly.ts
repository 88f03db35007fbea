/**
 * Logs, and tells whether it worked. For the places where a log that throws would cost an answer, a record, a start or
 * a clean stop: our own never does, but a host may pass one that can, and reading what was thrown may throw itself.
 */
export function quietly(log: () => void): boolean {
  try {
    log();
    return true;
  } catch {
    return false;
  }
}
