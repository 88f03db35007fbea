import { readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { startApi, type TestApi } from "../support/api.ts";
import { allOf, ask, failure, type OpenedUpstream, open, type Secrets, secrets, send } from "../support/upstream.ts";

let api: TestApi;
let files: Secrets;
const opened: OpenedUpstream[] = [];
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
  api = await startApi();
  files = secrets();
});
afterEach(async () => {
  vi.useRealTimers();
  for (const upstream of opened.splice(0)) await upstream.close();
  files[Symbol.dispose]();
  await api[Symbol.asyncDispose]();
});

/** Neither gone nor dead and waiting to be fetched by its parent. */
function isRunning(pid: number): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}

const pass = (ms: number) => vi.setSystemTime(Date.now() + ms);

function running(script: string, { args = [] as readonly string[], keepMs = 60_000, timeoutMs = 20_000 } = {}) {
  const command = [process.execPath, "-e", script, ...args];
  const upstream = open(api.url, { credential: { type: "bearer", token: { command, keepMs, timeoutMs } } });
  opened.push(upstream);
  return upstream;
}

/** Prints another number each time it runs. */
const counting = () => {
  const file = JSON.stringify(files.write("runs", ""));
  return `const fs = require("fs"); fs.appendFileSync(${file}, "x"); console.log("token-" + fs.readFileSync(${file}).length)`;
};

async function used(upstream: OpenedUpstream): Promise<string | undefined> {
  await ask(upstream, `${api.url}/`);
  return api.seen.at(-1)?.headers.authorization;
}

describe("a command that prints the secret", () => {
  it("runs once for all that wait, and again when its answer is too old", async () => {
    const upstream = running(counting());
    await Promise.all(Array.from({ length: 20 }, () => ask(upstream, `${api.url}/`)));
    expect(new Set(api.seen.map(({ headers }) => headers.authorization))).toEqual(new Set(["Bearer token-1"]));
    pass(59_999);
    expect(await used(upstream)).toBe("Bearer token-1");
    pass(1);
    expect(await used(upstream)).toBe("Bearer token-2");
    expect(upstream.secrets()).toEqual(expect.arrayContaining(["token-1", "token-2"]));
  });

  it("runs again for a token that the API refuses, and not for every call of an API that refuses all", async () => {
    const upstream = running(counting());
    api.handle = ({ headers }, response) =>
      response.writeHead(headers.authorization === "Bearer token-1" ? 401 : 200).end();
    expect((await ask(upstream, `${api.url}/`))[0]).toBe(200);
    api.handle = (_, response) => response.writeHead(401).end();
    for (let call = 0; call < 5; call++) expect((await ask(upstream, `${api.url}/`))[0]).toBe(401);
    expect(await used(upstream)).toBe("Bearer token-2");
    pass(10_000);
    expect(await used(upstream)).toBe("Bearer token-3");
  });

  it("sees PATH and HOME of the environment, and nothing else", async () => {
    process.env["CANARY_SECRET"] = "canary";
    const upstream = running("console.log(JSON.stringify(process.env))");
    const shown = JSON.parse((await used(upstream))?.replace("Bearer ", "") ?? "") as object;
    delete process.env["CANARY_SECRET"];
    expect(Object.keys(shown).sort()).toEqual(["HOME", "PATH"]);
  });

  it("is run without a shell: what looks like one is an argument", async () => {
    const args = ["$(id)", "; id", "`id`", "a b"];
    const upstream = running("console.log(process.argv.slice(1).join('|'))", { args });
    expect(await used(upstream)).toBe("Bearer $(id)|; id|`id`|a b");
  });

  it("is asked for nothing: what it reads has ended", async () => {
    const upstream = running("process.stdin.resume().on('end', () => console.log('ended'))");
    expect(await used(upstream)).toBe("Bearer ended");
  });

  it.each<[string, string, { timeoutMs?: number }, string]>([
    ["hangs", "setInterval(() => {}, 1000)", { timeoutMs: 300 }, "took too long"],
    [
      "ignores being asked to stop",
      "process.on('SIGTERM', () => {}); setInterval(() => {}, 9)",
      { timeoutMs: 500 },
      "took too long",
    ],
    ["prints for ever", "const w = () => process.stdout.write('secret'.repeat(9999), w); w()", {}, "printed more than"],
    ["fails", "console.log('secret'); console.error('secret'); process.exitCode = 3", {}, "exit code 3"],
    ["prints two lines", "console.log('secret\\nsecret')", {}, "did not print one line"],
    ["prints nothing", ";", {}, "did not print one line"],
  ])("that %s gives no credential; the log says why, without what it printed", async (_, script, options, why) => {
    const upstream = running(script, options);
    const started = performance.now();
    const error = await failure(send(upstream, `${api.url}/`));
    expect([error.code, error.cause, api.seen.length]).toEqual(["credential", undefined, 0]);
    expect(performance.now() - started).toBeLessThan(15_000);
    expect(upstream.logged.join()).toContain(why);
    expect(upstream.logged.join() + allOf(error)).not.toContain("secretsecret");
    expect(upstream.logged.join() + allOf(error)).not.toMatch(/\bsecret\\n|'secret'/);
  });

  it.each(["hangs", "prints for ever"])("that %s takes with it what it started", async (what) => {
    const file = files.write("pid", "");
    const script = `
      const helper = require("child_process").spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "inherit" });
      require("fs").writeFileSync(${JSON.stringify(file)}, String(helper.pid));
      ${what === "hangs" ? "setInterval(() => {}, 1000)" : "process.stdout.write('x'.repeat(1e6))"}`;
    const upstream = running(script, { timeoutMs: what === "hangs" ? 2_000 : 20_000 });
    const error = await failure(send(upstream, `${api.url}/`));
    expect(error.code).toBe("credential");
    const pid = Number(readFileSync(file, "utf8"));
    expect(pid).toBeGreaterThan(1);
    await expect.poll(() => isRunning(pid), { timeout: 10_000 }).toBe(false);
  });

  it("that leaves a helper behind is waited for no longer than it may take", async () => {
    const script = `
      require("child_process").spawn(process.execPath, ["-e", "setTimeout(() => {}, 30_000)"], { stdio: "inherit", detached: true }).unref();
      console.log("token")`;
    const started = performance.now();
    expect(await used(running(script, { timeoutMs: 2_000 }))).toBe("Bearer token");
    expect(performance.now() - started).toBeLessThan(15_000);
  });

  it("that does not exist says so", async () => {
    const upstream = open(api.url, { credential: { type: "bearer", token: { command: ["/nowhere/vault"] } } });
    opened.push(upstream);
    expect((await failure(send(upstream, `${api.url}/`))).code).toBe("credential");
    expect(upstream.logged.join()).toContain("does not exist");
  });

  it("that fails is run once a second at most, however many calls come", async () => {
    const file = JSON.stringify(files.write("runs", ""));
    const upstream = running(`require("fs").appendFileSync(${file}, "x"); process.exit(1)`);
    for (let call = 0; call < 20; call++) {
      expect((await failure(send(upstream, `${api.url}/`))).code).toBe("credential");
    }
    expect(upstream.logged).toHaveLength(1);
    pass(1_000);
    await failure(send(upstream, `${api.url}/`));
    expect(upstream.logged).toHaveLength(2);
  });

  it("is not waited for by a caller that goes away, and goes on for the others", async () => {
    const upstream = running("setTimeout(() => console.log('late'), 500)");
    const gone = new AbortController();
    const first = failure(send(upstream, `${api.url}/`, { signal: gone.signal }));
    const second = used(upstream);
    gone.abort();
    expect((await first).code).toBe("cancelled");
    expect(await second).toBe("Bearer late");
  });
});
