import { execFile } from "node:child_process";
import { AuditError } from "../errors.ts";
import { parseVerifierKey } from "../note/verifier-key.ts";
import type { Signer } from "./signer.ts";

const SIGNATURE_BYTES = 64;
const TIMEOUT_MS = 10_000;

/** Options of {@link commandSigner}. */
export interface CommandSignerOptions {
  /** The program, by absolute path, and its arguments. No shell sees them. */
  readonly command: readonly [file: string, ...args: string[]];
  /** What it signs under: `NAME+ID+KEY`. A signature that this key does not verify is refused. */
  readonly publicKey: string;
  /** Milliseconds it may take. Default 10,000. */
  readonly timeoutMs?: number;
}

/**
 * Signs by a command, so that the server's process holds no key: a token, an agent, a service of the cloud.
 *
 * The bytes to sign come on its standard input. It answers on standard output with the 64 bytes of the signature, or with
 * their base64, and exits with 0. It gets `PATH` and nothing else of the environment.
 *
 * @throws {AuditError} `invalid`: the program is no absolute path, or the public key is none
 */
export function commandSigner({ command, publicKey, timeoutMs = TIMEOUT_MS }: CommandSignerOptions): Signer {
  const [file, ...args] = command;
  if (!file.startsWith("/") && process.platform !== "win32") {
    throw new AuditError("invalid", "the signing command is named by its absolute path, so that no PATH chooses it");
  }
  const key = parseVerifierKey(publicKey);
  return { key, sign: (message) => run(file, args, message, timeoutMs) };
}

function run(file: string, args: readonly string[], message: Buffer, timeout: number): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const options = {
    encoding: "buffer" as const,
    timeout,
    killSignal: "SIGKILL" as const,
    maxBuffer: 4096,
    env: { PATH: process.env["PATH"] ?? "" },
  };
  const child = execFile(file, args, options, (error, stdout) => {
    // What the command says of itself may hold a secret: it stays out of our error.
    if (error) reject(new Error(`the signing command failed: ${error.killed ? "timeout" : (error.code ?? "signal")}`));
    else resolve(signatureOf(stdout));
  });
  child.stdin?.on("error", () => undefined);
  child.stdin?.end(message);
  return promise;
}

function signatureOf(output: Buffer): Buffer {
  return output.length === SIGNATURE_BYTES ? output : Buffer.from(output.toString("latin1").trim(), "base64");
}
