import { afterAll, beforeAll } from "vitest";
import { attacks } from "../suites/attacks.ts";
import { contract } from "../suites/contract.ts";
import { replicas } from "../suites/replicas.ts";
import { openDriver } from "../support/open-driver.ts";
import { startPostgres } from "../support/postgres.ts";
import { rawPair, sealedPair } from "../support/stores.ts";
import type { TestServer } from "../support/test-server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

contract("PostgreSQL", () => rawPair(() => openDriver(server.url)));
contract("PostgreSQL, sealed", () => sealedPair(() => openDriver(server.url, { namespace: "sealed" })));
attacks("PostgreSQL", () => openDriver(server.url, { namespace: "attacks" }));
replicas("PostgreSQL", () => server.url);
