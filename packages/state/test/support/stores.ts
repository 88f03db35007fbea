import { checkedStore } from "../../src/checked.ts";
import type { Driver } from "../../src/driver.ts";
import { sealed } from "../../src/sealed/sealed.ts";
import type { Pair } from "../suites/contract.ts";
import { settings } from "./settings.ts";

/** Two replicas with connections of their own, without seal. */
export async function rawPair(open: () => Promise<Driver>): Promise<Pair> {
  return { first: checkedStore(await open()), second: checkedStore(await open()) };
}

/** Two replicas as `openState` makes them, the second one with a clock that is 30 seconds ahead. */
export async function sealedPair(open: () => Promise<Driver>): Promise<Pair> {
  return {
    first: checkedStore(sealed(await open(), settings())),
    second: checkedStore(sealed(await open(), { ...settings(), now: () => Date.now() + 30_000 })),
  };
}
