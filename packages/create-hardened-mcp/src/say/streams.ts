import { EXIT, Stop } from "../stop.ts";
import { visible } from "./visible.ts";

/** A stream that nobody reads any more, or a full disk behind it, ends no run with a trace; {@link say} says what it means. */
export function bearClosedStreams(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
}

/**
 * Answers on standard output.
 *
 * @param made what stands on the disk by then, in a sentence
 * @throws {Stop} exit code 74: the answer did not get there
 */
export async function say(text: string, made: string): Promise<void> {
  const error = await new Promise<Error | null | undefined>((resolve) => process.stdout.write(text, resolve));
  if (error === null || error === undefined) return;
  const { code = error.message } = error as NodeJS.ErrnoException;
  throw new Stop(EXIT.notSaid, `The answer cannot be written to standard output (${code}). ${made}`, { cause: error });
}

/** Says why nothing was made, or not all of it. Where nobody hears that, the exit code is left. */
export function complain(message: string): void {
  process.stderr.write(`create-hardened-mcp: ${visible(message)}\n`);
}
