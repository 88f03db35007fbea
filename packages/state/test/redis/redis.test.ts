import { afterAll, beforeAll } from "vitest";
import { attacks } from "../suites/attacks.ts";
import { contract } from "../suites/contract.ts";
import { replicas } from "../suites/replicas.ts";
import { openDriver } from "../support/open-driver.ts";
import { startRedis } from "../support/redis.ts";
import { rawPair, sealedPair } from "../support/stores.ts";
import type { TestServer } from "../support/test-server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.stop());

contract("Redis", () => rawPair(() => openDriver(server.url)));
contract("Redis, sealed", () => sealedPair(() => openDriver(server.url, { namespace: "sealed" })));
attacks("Redis", () => openDriver(server.url, { namespace: "attacks" }));
replicas("Redis", () => server.url);
