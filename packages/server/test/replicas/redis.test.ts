import { startRedis } from "../../../state/test/support/redis.ts";
import { replicas } from "./support/suite.ts";

replicas("Redis", () => startRedis());
