/** Cuts a stream of bytes into frames: four bytes of length, then JSON. */
export class FrameReader {
  readonly #onFrame: (json: string) => void;
  readonly #maxBytes: number;
  #chunks: Buffer[] = [];
  #held = 0;

  /** @param maxBytes a frame that says it is longer is an error: its sender is not ours any more */
  constructor(maxBytes: number, onFrame: (json: string) => void) {
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
      const all = this.#first(4 + length);
      const rest = all.subarray(4 + length);
      this.#chunks = rest.length === 0 ? [] : [rest];
      this.#held = rest.length;
      this.#onFrame(all.toString("utf8", 4, 4 + length));
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
