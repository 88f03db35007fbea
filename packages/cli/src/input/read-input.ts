import { createReadStream } from "node:fs";
import { exit, Failure } from "../exit.ts";

/** Bytes of a file that is no secret; what policies and manifests may have at most. */
const MAX_BYTES = 8_388_608;

/**
 * Reads a file, a pipe, or standard input as `-`.
 *
 * @throws {Failure} 78: it cannot be read, or is larger than 8 MiB
 */
export async function readInput(path: string, what: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of path === "-" ? process.stdin : createReadStream(path)) {
      const part = Buffer.from(chunk);
      bytes += part.length;
      if (bytes > MAX_BYTES) break;
      chunks.push(part);
    }
  } catch (error) {
    const code = error instanceof Error && "code" in error ? ` (${String(error.code)})` : "";
    throw new Failure(exit.configuration, `${what}: ${path} cannot be read${code}.`, { cause: error });
  }
  if (bytes > MAX_BYTES) throw new Failure(exit.configuration, `${what}: ${path} is larger than ${MAX_BYTES} bytes.`);
  return Buffer.concat(chunks);
}
