import { chmodSync, renameSync, rmSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startApi, type TestApi } from "../support/api.ts";
import { allOf, ask, failure, type OpenedUpstream, open, type Secrets, secrets, send } from "../support/upstream.ts";

let api: TestApi;
let files: Secrets;
let file: string;
let upstream: OpenedUpstream;
beforeEach(async () => {
  api = await startApi();
  files = secrets();
  file = files.write("token", "first-token\n");
  upstream = open(api.url, { credential: { type: "bearer", token: { file } } });
});
afterEach(async () => {
  files[Symbol.dispose]();
  await upstream.close();
  await api[Symbol.asyncDispose]();
});

async function used(): Promise<string | undefined> {
  await ask(upstream, `${api.url}/`);
  return api.seen.at(-1)?.headers.authorization;
}

describe("a secret file that changes while the server runs", () => {
  it("is taken up with the next request, written in place and put in place", async () => {
    expect(await used()).toBe("Bearer first-token");
    files.write("token", "second-token\n");
    expect(await used()).toBe("Bearer second-token");
    renameSync(files.write("next", "third-token\n"), file);
    expect(await used()).toBe("Bearer third-token");
  });

  it("is hidden in its old value too: answers may still hold it", async () => {
    await used();
    files.write("token", "second-token\n");
    await used();
    expect(upstream.secrets()).toEqual(expect.arrayContaining(["first-token", "second-token"]));
  });

  it.each<[string, () => void]>([
    ["can be read by others", () => chmodSync(file, 0o640)],
    ["is gone", () => rmSync(file)],
    ["holds two lines", () => files.write("token", "a\nb\n")],
    ["is empty", () => files.write("token", "\n")],
  ])("is used no more once it %s: nothing is sent, and only the log says why", async (_, change) => {
    await used();
    change();
    for (let time = 0; time < 2; time++) {
      const error = await failure(send(upstream, `${api.url}/`));
      expect([error.code, error.message, error.cause]).toEqual(["credential", "credential", undefined]);
      expect(allOf(error)).not.toMatch(/first-token|token\n/);
    }
    expect(api.seen).toHaveLength(1);
    expect(upstream.logged.join("\n")).toContain(file);
    expect(upstream.logged.join("\n")).not.toContain("first-token");
    rmSync(file, { force: true });
    files.write("token", "good-again\n");
    expect(await used()).toBe("Bearer good-again");
  });
});
