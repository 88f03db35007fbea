import { tls } from "../suites/tls.ts";
import { startRedis } from "../support/redis.ts";

tls("Redis", startRedis);
