import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { pnpm } from "../scripts/pack/pnpm.ts";
import type { World } from "./world.ts";

/** A registry on this machine: what is published here it serves itself, everything else it fetches. */
export interface Registry {
  /** With a slash at the end. */
  readonly url: string;
  /** How many requests the registry behind it, or the network to it, has left without an answer so far. */
  lost(): number;
  stop(): Promise<void>;
}

const OURS = { access: "$all", publish: "$all" };

/** Of ports that somebody else took between looking and listening. */
const ATTEMPTS = 5;

export async function startRegistry(): Promise<Registry> {
  const folder = mkdtempSync(join(tmpdir(), "hardened-mcp-registry-"));
  const file = join(folder, "config.yaml");
  writeFileSync(file, configuration(folder));
  const { child, url } = await listening(file, folder);
  let lost = 0;
  if (child.stdout !== null)
    createInterface(child.stdout).on("line", (line) => {
      if (isLost(line)) lost++;
    });
  return {
    url,
    lost: () => lost,
    stop: async () => {
      if (child.exitCode === null && child.signalCode === null) {
        const gone = once(child, "exit");
        child.kill();
        await gone;
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** It takes no port 0, so one is looked for; it says itself when it listens, and ends where the port was taken meanwhile. */
async function listening(
  file: string,
  folder: string,
): Promise<{ readonly child: ChildProcess; readonly url: string }> {
  const command = fileURLToPath(new URL("../node_modules/verdaccio/bin/verdaccio", import.meta.url));
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const port = await freePort();
    const child = spawn(process.execPath, [command, "--config", file, "--listen", `127.0.0.1:${port}`], {
      stdio: ["ignore", "pipe", "ignore", "ipc"],
      env: { PATH: process.env["PATH"], HOME: folder, ...trust() },
    });
    const orphan = () => void child.kill("SIGKILL");
    process.once("exit", orphan);
    child.once("exit", () => process.off("exit", orphan));
    const isListening = await new Promise<boolean>((resolve) => {
      child.once("message", () => resolve(true)).once("exit", () => resolve(false));
    });
    if (isListening) return { child, url: `http://127.0.0.1:${port}/` };
  }
  throw new Error(`The registry ended ${ATTEMPTS} times before it listened.`);
}

function configuration(folder: string): string {
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
    log: { type: "stdout", format: "json", level: "http" },
  };
  return JSON.stringify(config);
}

/** A line of its log that says of a request that no answer came, or one of a server that fails or has too much to do. */
export function isLost(line: string): boolean {
  if (!line.startsWith("{")) return false;
  const { status } = JSON.parse(line) as { readonly status?: number | "ERR" };
  return status === "ERR" || status === 429 || (status ?? 0) >= 500;
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

/** Publishes every tarball of `folder` with pnpm, as the release does; a machine has no identity to prove where it was built. */
export function publishAll({ environment }: World, folder: string): readonly string[] {
  const files = readdirSync(folder).filter((name) => name.endsWith(".tgz"));
  const env = {
    ...process.env,
    npm_config_userconfig: join(environment["HOME"] ?? "", ".npmrc"),
    npm_config_registry: environment["npm_config_registry"],
  };
  const flags = ["--access", "public", "--ignore-scripts", "--no-git-checks"];
  for (const file of files) pnpm(["publish", join(folder, file), ...flags], { env });
  return files;
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
