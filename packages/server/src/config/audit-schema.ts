import { z } from "zod";
import { auditAnchorsConfig, auditExportsConfig } from "./ship-schema.ts";

const path = z.string().min(1).max(4096);
const DAY_MS = 86_400_000;
const whole = (min: number, max: number) => z.int().min(min).max(max).exactOptional();

const signer = z
  .union([
    z.strictObject({
      keyFile: path.describe("Private key: Ed25519, PKCS#8 in PEM; readable by its owner only."),
      name: z.string().min(1).max(128).exactOptional().describe("What it signs as. Default: made from the key."),
    }),
    z.strictObject({
      command: z
        .tuple([path], z.string().max(4096))
        .describe(
          "Program by its absolute path, and arguments. Bytes to sign on its input, the signature on its output.",
        ),
      publicKey: z.string().min(1).max(512).describe("What verifies its signatures: NAME+ID+KEY, one line."),
      timeoutMs: z.int().min(100).max(60_000).exactOptional().describe("Milliseconds it may take. Default 10,000."),
    }),
  ])
  .describe("Who signs checkpoints. Default: a key in the audit folder, made on first use.");

/** How the audit log is kept. Where it lies is `auditDir`. */
export const auditConfig = z
  .strictObject({
    signer: signer.exactOptional(),
    maxSegmentBytes: whole(65_536, 1_073_741_824).describe("Bytes after which a new segment begins. Default 64 MiB."),
    maxSegmentAgeMs: whole(1000, 366 * DAY_MS).describe("Milliseconds after which one does. Default one day."),
    keepSegments: whole(1, 1_000_000).describe("Segments to keep. Default: all; nothing is ever deleted."),
    keepBytes: whole(65_536, Number.MAX_SAFE_INTEGER).describe("Bytes of segments to keep. Default: all."),
    keepMs: whole(1000, 36_600 * DAY_MS).describe("Milliseconds to keep a segment after its end. Default: for ever."),
    checkpointRecords: whole(1, 4000).describe("Records after which a checkpoint is signed. Default 1000."),
    checkpointMs: whole(10, 300_000).describe("Milliseconds after which one is, when there is news. Default 60,000."),
    maxUnsignedMs: whole(1000, DAY_MS).describe(
      "Milliseconds the server goes on while nothing can be signed; then calls are refused. Default 600,000.",
    ),
    digestKeyMs: whole(1000, 3660 * DAY_MS).describe(
      "Milliseconds one key digests arguments before it is destroyed. Default 30 days.",
    ),
    exports: auditExportsConfig.exactOptional(),
    anchors: auditAnchorsConfig.exactOptional(),
  })
  .describe("How the audit log is kept, signed and shipped.");

export type AuditConfig = z.output<typeof auditConfig>;
