const LINE_BREAK = 0x0a;

/** Told of a frame: its JSON, and what follows that after a line break. */
type OnFrame = (json: string, body: string | undefined) => void;

/** Cuts a stream of bytes into frames: four bytes of length, then JSON, and perhaps a second JSON in a line of its own. */
export class FrameReader {
  readonly #onFrame: OnFrame;
  readonly #maxBytes: number;
  #chunks: Buffer[] = [];
  #held = 0;

  /** @param maxBytes a frame that says it is longer is an error: its sender is not ours any more */
  constructor(maxBytes: number, onFrame: OnFrame) {
    this.#maxBytes = maxBytes;
    this.#onFrame = onFrame;
  }

  push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#held += chunk.length;
    while (this.#held >= 4) {
      const first = this.#first(4);
      const length = first.readUInt32LE(0);
      if (length > this.#maxBytes) {
        throw new Error("a frame is longer than any answer");
      }
      if (this.#held < 4 + length) {
        return;
      }
      const end = 4 + length;
      const all = this.#first(end);
      const rest = all.subarray(end);
      this.#chunks = rest.length === 0 ? [] : [rest];
      this.#held = rest.length;
      const line = all.indexOf(LINE_BREAK, 4);
      if (line === -1 || line >= end) {
        this.#onFrame(all.toString("utf8", 4, end), undefined);
      } else {
        this.#onFrame(all.toString("utf8", 4, line), all.toString("utf8", line + 1, end));
      }
    }
  }

  /** One buffer that holds at least `wanted` bytes, which becomes the first chunk. */
  #first(wanted: number): Buffer {
    const [first] = this.#chunks;
    if (first !== undefined && (first.length >= wanted || this.#chunks.length === 1)) {
      return first;
    }
    const whole = Buffer.concat(this.#chunks);
    this.#chunks = [whole];
    return whole;
  }
}
