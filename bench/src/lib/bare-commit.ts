import { closeSync, fdatasync, openSync, writeSync } from "node:fs";

/** The least that puts lines on disk before it says so: many callers, one write and one fdatasync for all that wait. */
export interface BareCommit {
  durable(line: string): Promise<void>;
  close(): void;
}

export function bareCommit(path: string): BareCommit {
  const fd = openSync(path, "a", 0o600);
  let lines: string[] = [];
  let waiting: (() => void)[] = [];
  let flying = false;
  let scheduled = false;

  function flush(): void {
    scheduled = false;
    if (flying || lines.length === 0) return;
    const [text, told] = [lines.join(""), waiting];
    [lines, waiting] = [[], []];
    flying = true;
    writeSync(fd, Buffer.from(text, "latin1"));
    fdatasync(fd, (error) => {
      if (error) throw error;
      flying = false;
      for (const done of told) done();
      soon();
    });
  }

  function soon(): void {
    if (scheduled || flying) return;
    scheduled = true;
    setImmediate(flush);
  }

  return {
    durable(line) {
      lines.push(line);
      soon();
      return new Promise((resolve) => waiting.push(resolve));
    },
    close: () => closeSync(fd),
  };
}
