import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { World } from "./world.ts";

/** A registry on this machine: what is published here it serves itself, everything else it fetches. */
export interface Registry {
  /** With a slash at the end. */
  readonly url: string;
  stop(): Promise<void>;
}

const OURS = { access: "$all", publish: "$all" };

export async function startRegistry(): Promise<Registry> {
  const folder = mkdtempSync(join(tmpdir(), "hardened-mcp-registry-"));
  const port = await freePort();
  // JSON is YAML.
  const config = {
    storage: join(folder, "storage"),
    // It asks once, and says 404 where the answer was lost; fewer at a time lose none.
    uplinks: {
      npm: {
        url: npmConfig("registry"),
        maxage: "30m",
        timeout: "60s",
        max_fails: 1000,
        agent_options: { keepAlive: true, maxSockets: 16, maxFreeSockets: 16 },
      },
    },
    packages: {
      "@hardened-mcp/*": OURS,
      "create-hardened-mcp": OURS,
      "**": { access: "$all", proxy: "npm" },
    },
    max_body_size: "50mb",
    web: { enable: false },
    log: { type: "stdout", format: "json", level: "fatal" },
  };
  const file = join(folder, "config.yaml");
  writeFileSync(file, JSON.stringify(config));
  const command = fileURLToPath(new URL("../node_modules/verdaccio/bin/verdaccio", import.meta.url));
  const child = spawn(process.execPath, [command, "--config", file, "--listen", `127.0.0.1:${port}`], {
    stdio: "ignore",
    env: { PATH: process.env["PATH"], HOME: folder, ...trust() },
  });
  const orphan = () => void child.kill("SIGKILL");
  process.once("exit", orphan);
  const url = `http://127.0.0.1:${port}/`;
  const stop = async (): Promise<void> => {
    process.off("exit", orphan);
    if (child.exitCode === null) {
      const gone = once(child, "exit");
      child.kill();
      await gone;
    }
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await answers(url, child);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, stop };
}

/** A setting of this machine's npm, which reaches the registry. */
export function npmConfig(key: "registry" | "cafile"): string {
  return execFileSync("npm", ["config", "get", key], { encoding: "utf8" }).trim();
}

/** Whom this machine trusts beyond the usual, where it was told so: npm or Node, whoever was. */
export function trustFile(): string | undefined {
  const file = npmConfig("cafile");
  return file === "null" ? process.env["NODE_EXTRA_CA_CERTS"] : file;
}

function trust(): NodeJS.ProcessEnv {
  const file = trustFile();
  return file === undefined ? {} : { NODE_EXTRA_CA_CERTS: file };
}

/** Publishes every tarball of `folder`, as whoever releases does. */
export async function publishAll(world: World, folder: string): Promise<readonly string[]> {
  const files = readdirSync(folder).filter((name) => name.endsWith(".tgz"));
  const waiting = [...files];
  const publishNext = async (): Promise<void> => {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift())
      await world.mustRun("npm", ["publish", "--loglevel=error", `./${file}`], { cwd: folder });
  };
  await Promise.all([publishNext(), publishNext(), publishNext()]);
  return files;
}

async function answers(url: string, child: { readonly exitCode: number | null }): Promise<void> {
  const until = performance.now() + 60_000;
  while (performance.now() < until) {
    if (child.exitCode !== null) throw new Error(`The registry ended with ${child.exitCode}.`);
    const isThere = await fetch(`${url}-/ping`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isThere) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("The registry does not answer.");
}

/** One that nobody had a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}
