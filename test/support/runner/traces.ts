import { vi } from "vitest";

/** What a test file could leave behind in its process for the next one. */
export function traces() {
  return {
    environment: { ...process.env },
    folder: process.cwd(),
    umask: process.umask(),
    listeners: process
      .eventNames()
      .map((name) => `${String(name)} ${process.listenerCount(name)}`)
      .toSorted(),
    // The named ones: Node keeps what it loads late, its `fetch` for one, under symbols.
    globals: Object.getOwnPropertyNames(globalThis).toSorted(),
    fakeTimers: vi.isFakeTimers(),
  };
}
