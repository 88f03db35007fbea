import type { z } from "zod";
import { openSecurity, type Security } from "../../../src/config/open-security.ts";
import { authConfig, stateConfig } from "../../../src/config/schema.ts";
import type { SecurityConfig } from "../../../src/config/security.ts";
import { ConfigError } from "../../../src/errors/config-error.ts";
import { type CapturedLog, captureLog } from "../../support/log.ts";
import { createFakeSink, type FakeSink } from "../../support/sink.ts";

export interface OpenedSecurity extends CapturedLog {
  readonly security: Security;
  readonly sink: FakeSink;
}

/** {@link openSecurity} for a server that policies call `test`. */
export async function open(config: SecurityConfig): Promise<OpenedSecurity> {
  const sink = createFakeSink();
  const captured = captureLog();
  const security = await openSecurity(config, { server: "test", audit: sink, log: captured.log });
  return { ...captured, security, sink };
}

/** The refusal to start; anything else that is thrown fails the test. */
export async function refusalOf(start: () => unknown): Promise<ConfigError> {
  try {
    await start();
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error("expected a refusal to start");
}

export const state = (given: z.input<typeof stateConfig>) => stateConfig.parse(given);
export const auth = (given: Partial<z.input<typeof authConfig>>) =>
  authConfig.parse({ resource: "https://mcp.example.com/mcp", ...given });
