import { outage } from "../suites/outage.ts";
import { startRedis } from "../support/redis.ts";

outage("Redis", startRedis);
