import type { Authenticator } from "@hardened-mcp/auth";
import type { HttpOptions } from "../http/options.ts";
import type { ServerOptions } from "../options.ts";
import { openAuthenticator } from "./open-authenticator.ts";
import { openPolicy } from "./open-policy.ts";
import { type OpenedState, openSharedState } from "./open-state.ts";
import { createRecorder } from "./recorder.ts";
import type { SecurityConfig, SecurityContext } from "./security.ts";

/** Ready for `createServer` and `serve`. */
export interface Security {
  readonly serverOptions: Pick<ServerOptions, "policy" | "rateLimiter" | "stepUp" | "local">;
  readonly httpOptions: Pick<HttpOptions, "authenticator">;
  close(): Promise<void>;
}

/**
 * Opens what a configuration names: the shared state, the policies, the issuers. What it does not name is not loaded.
 *
 * @throws {ConfigError} something in it cannot be used; a policy that names an unknown tool, a key that others can read, a
 * store that is not there
 */
export async function openSecurity(config: SecurityConfig, context: SecurityContext): Promise<Security> {
  const recorder = createRecorder(context);
  const state = config.state === undefined ? undefined : await openSharedState(config.state, recorder);
  try {
    const authenticator =
      config.auth === undefined ? undefined : await openAuthenticator(config.auth, state?.store, recorder);
    const policy = await openPolicy(config, context, state?.store, recorder);
    return {
      serverOptions: {
        ...(policy === undefined ? {} : { policy }),
        ...(state === undefined
          ? {}
          : { rateLimiter: await sharedLimiter(state, config.state?.expectedReplicas ?? 1, recorder) }),
        ...(config.stepUp === undefined ? {} : { stepUp: config.stepUp }),
        ...(config.local === undefined ? {} : { local: config.local }),
      },
      httpOptions: authenticator === undefined ? {} : { authenticator },
      close: () => closeAll(authenticator, state),
    };
  } catch (error) {
    await state?.store.close();
    throw error;
  }
}

async function sharedLimiter(
  { store }: OpenedState,
  expectedReplicas: number,
  recorder: ReturnType<typeof createRecorder>,
): Promise<NonNullable<ServerOptions["rateLimiter"]>> {
  const { createSharedRateLimiter } = await import("@hardened-mcp/limits/shared");
  return (rules) =>
    createSharedRateLimiter({
      store,
      rules,
      local: { expectedReplicas },
      onDegraded: () => recorder.state("limits", false),
      onRestored: () => recorder.state("limits", true),
    });
}

async function closeAll(authenticator: Authenticator | undefined, state: OpenedState | undefined): Promise<void> {
  await authenticator?.close();
  await state?.store.close();
}
