import type { Redis } from "ioredis";
import { StateError } from "../state-error.ts";

/**
 * Refuses a Redis that drops entries when memory is short. Somebody who fills it could push out a replay id or a revocation,
 * and use the token again. With `noeviction` Redis refuses writes instead, and so do we.
 */
export async function refuseEviction(redis: Redis): Promise<void> {
  const info = await redis.info("memory").catch(() => "");
  const policy = /^maxmemory_policy:(\S+)/m.exec(info)?.[1];
  const limit = /^maxmemory:(\d+)/m.exec(info)?.[1];
  if (policy === "noeviction" || limit === "0") return;
  throw new StateError(
    "invalid",
    policy === undefined
      ? "This Redis does not say whether it drops entries when memory is short. Allow this user the command INFO, or set dangerouslyAllowEviction."
      : `This Redis drops entries when memory is short (maxmemory-policy ${policy}), revocations among them. Set maxmemory-policy noeviction, or dangerouslyAllowEviction.`,
  );
}
