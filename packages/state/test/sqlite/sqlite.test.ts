import { join } from "node:path";
import { sqliteDriver } from "../../src/sqlite/driver.ts";
import { attacks } from "../suites/attacks.ts";
import { contract } from "../suites/contract.ts";
import { replicas } from "../suites/replicas.ts";
import { freshFolder, settings } from "../support/settings.ts";
import { rawPair, sealedPair } from "../support/stores.ts";

const path = join(freshFolder(), "state.db");

contract("SQLite", () => rawPair(() => sqliteDriver(path, settings())));
contract("SQLite, sealed", () => sealedPair(() => sqliteDriver(path, settings({ namespace: "sealed" }))));
attacks("SQLite", () => sqliteDriver(path, settings({ namespace: "attacks" })));
replicas("SQLite", () => `sqlite://${path}`);
