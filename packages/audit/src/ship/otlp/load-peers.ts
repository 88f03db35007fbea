import { AuditError } from "../../errors.ts";

/** What of OpenTelemetry is used. Optional: nobody installs an exporter to write a file. */
export interface OtlpPeers {
  readonly exporter: typeof import("@opentelemetry/exporter-logs-otlp-http");
  readonly resources: typeof import("@opentelemetry/resources");
  readonly api: typeof import("@opentelemetry/api");
}

/** @throws {AuditError} `invalid`, saying what to install */
export async function loadOtlpPeers(): Promise<OtlpPeers> {
  try {
    return {
      exporter: await import("@opentelemetry/exporter-logs-otlp-http"),
      resources: await import("@opentelemetry/resources"),
      api: await import("@opentelemetry/api"),
    };
  } catch (error) {
    const missing = error instanceof Error && "code" in error && error.code === "ERR_MODULE_NOT_FOUND";
    if (!missing) throw error;
    const names = ["exporter-logs-otlp-http", "resources", "api"].map((name) => `@opentelemetry/${name}`).join(" ");
    throw new AuditError("invalid", `otlp needs packages that are not installed. Install them: npm install ${names}`, {
      cause: error,
    });
  }
}
