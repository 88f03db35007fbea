/** Bytes of answers, all clients together, that may wait to be taken before the next call has to wait. */
const MAX_WAITING = 32 * 1024 * 1024;

/** Answers that have been made and not yet been taken. */
export interface Backlog {
  /** Counts an answer until the returned function is called; calling it again does nothing. */
  add(bytes: number): () => void;
  /** Resolves when there is room for another answer; `undefined`: there is. */
  room(): Promise<void> | undefined;
}

/** Counts what clients have not taken, so that many that do not read cannot fill the memory. */
export function createBacklog(): Backlog {
  let bytes = 0;
  let room = Promise.withResolvers<void>();

  function tell(): void {
    if (bytes > MAX_WAITING) return;
    room.resolve();
    room = Promise.withResolvers<void>();
  }

  return {
    add(size) {
      bytes += size;
      let left = size;
      return function taken() {
        bytes -= left;
        left = 0;
        tell();
      };
    },
    room: () => (bytes > MAX_WAITING ? room.promise : undefined),
  };
}
