import { spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const at = (path: string): string => fileURLToPath(new URL(`../../templates/${path}`, import.meta.url));
const run = (...args: string[]) => spawnSync(process.execPath, args, { encoding: "utf8" });

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "hardened-mcp-pod-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("the probe of a container", () => {
  const probe = (path: string, port: number) => run(at("shared/deploy/probe.mjs"), path, String(port)).status;

  it("says that a server is well, ready, and gone", async () => {
    const port = await freePort();
    const args = [at("minimal/src/cli.ts"), "--http", "127.0.0.1:0"];
    const server = spawn(process.execPath, args, {
      env: { PATH: "", XDG_STATE_HOME: folder, HARDENED_MCP_HTTP_MONITOR_PORT: String(port) },
      stdio: ["ignore", "ignore", "pipe"],
    });
    try {
      await once(server.stderr, '"msg":"serving"');
      expect(probe("healthz", port)).toBe(0);
      expect(probe("readyz", port)).toBe(0);
      expect(probe("nothing", port), "an answer that is no yes").toBe(1);
    } finally {
      const gone = new Promise((resolve) => server.once("exit", resolve));
      server.kill("SIGTERM");
      await gone;
    }
    expect(probe("healthz", port)).toBe(1);
  });
});

describe("secrets as Kubernetes mounts them", () => {
  it("are placed where their owner alone can read them", () => {
    const mounted = join(folder, "mounted");
    const placed = join(folder, "placed");
    // Kubernetes' layout: the names are links through a link that it swaps when the secret changes.
    mkdirSync(join(mounted, "..version"), { recursive: true });
    mkdirSync(placed);
    writeFileSync(join(mounted, "..version", "tls.key"), "the key");
    chmodSync(join(mounted, "..version", "tls.key"), 0o440);
    symlinkSync("..version", join(mounted, "..data"));
    symlinkSync("..data/tls.key", join(mounted, "tls.key"));

    expect(run(at("shared/deploy/place-secrets.mjs"), mounted, placed)).toMatchObject({ status: 0, stderr: "" });
    expect(readdirSync(placed)).toEqual(["tls.key"]);
    expect(statSync(join(placed, "tls.key")).mode & 0o777).toBe(0o400);
    expect(readFileSync(join(placed, "tls.key"), "utf8")).toBe("the key");
  });

  it("are not half placed in silence", () => {
    const { status, stderr } = run(at("shared/deploy/place-secrets.mjs"), join(folder, "nowhere"), folder);
    expect(status).not.toBe(0);
    expect(stderr).toContain("ENOENT");
  });
});

/** Resolves when a stream has said `text`; rejects when it ends before. */
function once(stream: Readable, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = "";
    stream.on("data", (chunk) => {
      said += String(chunk);
      if (said.includes(text)) resolve();
    });
    stream.once("end", () => reject(new Error(said)));
  });
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
