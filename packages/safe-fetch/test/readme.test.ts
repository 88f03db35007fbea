import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { createSafeFetch } from "../src/index.ts";
import { listen } from "./support/listeners.ts";

const README = readFileSync(new URL("../README.md", import.meta.url), "utf8");

it("the example of the README runs as it is written, but for where it asks", async () => {
  const listener = await listen("127.0.0.1");
  const example = /^```ts\n(.*?)^```/ms.exec(README)?.[1] ?? "";
  const here = example
    .replace(/^import .*\n/, "")
    .replace('{ host: "api.example.com" }', `{ host: "127.0.0.1", ports: [${listener.port}], schemes: ["http"] }`)
    .replace("https://api.example.com/", `http://127.0.0.1:${listener.port}/`);
  const written: Uint8Array[] = [];
  const made: ReturnType<typeof createSafeFetch>[] = [];
  const make: typeof createSafeFetch = (options) => {
    const safe = createSafeFetch(options);
    made.push(safe);
    return safe;
  };
  const AsyncFunction = (async () => {}).constructor as new (...args: string[]) => (...all: unknown[]) => Promise<void>;
  await new AsyncFunction("createSafeFetch", "process", here)(make, {
    env: { API_TOKEN: "token" },
    stdout: { write: (chunk: Uint8Array) => written.push(chunk) },
  });
  expect(Buffer.concat(written).toString()).toBe("127.0.0.1");
  expect(listener.seen.map(({ authorization }) => authorization)).toEqual(["Bearer token"]);
  for (const safe of made) await safe.close();
  await listener.close();
});
