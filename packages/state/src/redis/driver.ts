import { type Driver, pageOf } from "../driver.ts";
import type { StateSettings } from "../open/options.ts";
import type { Address } from "../open/parse-url.ts";
import { prefixRange } from "../prefix-range.ts";
import type { Entry } from "../store.ts";
import { readCount } from "../tampered.ts";
import { connectRedis } from "./connect.ts";
import type { ScriptName } from "./scripts.ts";
import { refuseWrongType } from "./wrong-type.ts";

/** State of many replicas in one Redis or Valkey. */
export async function redisDriver(address: Address, settings: StateSettings): Promise<Driver> {
  const redis = await connectRedis(address, settings);
  const space = `hardened-mcp:{${settings.namespace}}`;
  const entry = `${space}:entry:`;
  const count = `${space}:count:`;
  const names = `${space}:names`;
  const ends = `${space}:ends`;

  /** Scripts become methods of the client at run time, which its types cannot know. */
  function run(script: ScriptName, ...args: (string | number | Buffer)[]): Promise<unknown> {
    const call: unknown = Reflect.get(redis, script);
    if (typeof call !== "function") throw new Error(`ioredis does not know the script ${script}.`);
    return refuseWrongType(Reflect.apply(call, redis, args));
  }

  return {
    async get(key) {
      return (await refuseWrongType(redis.get(entry + key))) ?? undefined;
    },
    async put(key, value, ttlMs) {
      await run("statePut", entry + key, names, ends, key, value, ttlMs);
    },
    async putIfAbsent(key, value, ttlMs) {
      return (await run("statePutIfAbsent", entry + key, names, ends, key, value, ttlMs)) === 1;
    },
    async compareAndDelete(key, value) {
      return (await run("stateCompareAndDelete", entry + key, names, ends, key, value)) === 1;
    },
    async increment(key, by, ttlMs) {
      const answer = await run("stateIncrement", count + key, by, ttlMs);
      const [value, left] = Array.isArray(answer) ? answer : [];
      return readCount(value, left);
    },
    async list(prefix, after, limit) {
      const { from, to } = prefixRange(prefix, after);
      const answer = await run("stateList", names, bound("[", from), bound("(", to), limit + 1, entry);
      return pageOf(entriesOf(answer), limit);
    },
    async delete(key) {
      await run("stateRemove", entry + key, names, ends, count + key, key);
    },
    async probe() {
      await redis.set(`${space}:probe`, "", "PX", 1);
    },
    async close() {
      redis.disconnect();
    },
  };
}

/** The end of a range in the words of ZRANGEBYLEX, where the first byte says whether it is part of the range. */
function bound(mark: "[" | "(", name: Buffer): Buffer {
  return Buffer.concat([Buffer.from(mark), name]);
}

/** Name, value and time left, one after the other. */
function entriesOf(answer: unknown): Entry[] {
  const flat: unknown[] = Array.isArray(answer) ? answer : [];
  return Array.from({ length: flat.length / 3 }, (_, index) => ({
    key: String(flat[index * 3]),
    value: String(flat[index * 3 + 1]),
    expiresInMs: Number(flat[index * 3 + 2]),
  }));
}
