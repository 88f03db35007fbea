import { z } from "zod";

const path = z.string().min(1).max(4096);

const name = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,31}$/, "lower-case letters, digits and '-', at most 32")
  .exactOptional()
  .describe("Names its cursor, ship-NAME.json. Default: what it is. Needed where two are of one kind.");

const timeoutMs = z
  .int()
  .min(100)
  .max(600_000)
  .exactOptional()
  .describe("Milliseconds after which an attempt has failed. Default 10,000.");

const tls = {
  caFile: path.exactOptional().describe("Certificate authority of the target, PEM. Default: Node's."),
  certFile: path.exactOptional().describe("Certificate of this server, PEM, where the target asks for one."),
  keyFile: path.exactOptional().describe("Its private key, PEM; readable by its owner only."),
};

const http = {
  url: z.url({ protocol: /^https?$/ }).describe("https; http only to this machine. No password in it."),
  bearerFile: path.exactOptional().describe("File with a bearer token; readable by its owner only, read each time."),
  headerFiles: z
    .record(z.string().regex(/^[A-Za-z][\w-]{0,63}$/), path)
    .exactOptional()
    .describe("Further headers: name to a file with its value, readable by its owner only."),
  timeoutMs,
  ...tls,
};

const otlp = z
  .strictObject({
    ...http,
    batchRecords: z.int().min(1).max(10_000).exactOptional().describe("Records of one request. Default 512."),
  })
  .describe("OpenTelemetry collector, over HTTP. The URL is whole: https://collector.example:4318/v1/logs.");

const syslog = z
  .strictObject({
    host: z
      .string()
      .regex(/^[A-Za-z0-9.:_-]{1,253}$/)
      .describe("Name in the receiver's certificate, or address."),
    port: z.int().min(1).max(65_535).exactOptional().describe("Default 6514."),
    facility: z.int().min(0).max(23).exactOptional().describe("Facility of the messages. Default 13, log audit."),
    enterprise: z
      .int()
      .min(0)
      .max(4_294_967_295)
      .exactOptional()
      .describe(
        "Your private enterprise number (IANA), in the name of the structured data. Default 32473, for examples.",
      ),
    hostname: z
      .string()
      .regex(/^[!-~]{1,255}$/)
      .exactOptional()
      .describe("HOSTNAME of the messages. Default: this machine's."),
    maxMessageBytes: z
      .int()
      .min(2048)
      .max(1_048_576)
      .exactOptional()
      .describe("Longer messages are cut, and say so. Default 65,536."),
    settleMs: z
      .int()
      .min(1)
      .max(60_000)
      .exactOptional()
      .describe("Milliseconds a connection must outlive a batch before it counts as received. Default 250."),
    timeoutMs,
    ...tls,
  })
  .describe("Syslog receiver, RFC 5424 over TLS.");

/** Where records go while the server runs. */
export const auditExportsConfig = z
  .array(z.union([z.strictObject({ name, otlp }), z.strictObject({ name, syslog })]))
  .max(16)
  .describe("Collectors that get every record of the audit log.");

/** Where checkpoints go. */
export const auditAnchorsConfig = z
  .array(
    z.union([
      z.strictObject({
        name,
        file: path.describe("File of notes in an existing folder that only this user can change; on another volume."),
      }),
      z.strictObject({ name, ...http }),
      z.strictObject({ name, otlp }),
      z.strictObject({ name, syslog }),
    ]),
  )
  .max(16)
  .describe("Places that get every checkpoint of the audit log: what shows later that the log was cut.");

/** The part of a configuration that says what leaves the machine. */
export interface ShipConfig {
  readonly exports?: z.output<typeof auditExportsConfig>;
  readonly anchors?: z.output<typeof auditAnchorsConfig>;
}
