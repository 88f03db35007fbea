import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";

/** How a command ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly ms: number;
}

/** How to run a command. */
export interface RunOptions {
  readonly cwd?: string;
  /** Default: nothing; standard input is at its end from the start. */
  readonly input?: string;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Default: five minutes. */
  readonly timeoutMs?: number;
}

/** A user's machine: a home folder without anything in it, one registry, and the Node that this project is for. */
export interface World {
  /** Where projects are made: outside the repository, with a space in its name. */
  readonly folder: string;
  /** Programs of this machine, before those of the system. */
  readonly bin: string;
  readonly environment: Readonly<Record<string, string>>;
  run(command: string, args: readonly string[], options?: RunOptions): Promise<Ended>;
  /** As {@link run}. @throws {Error} it did not end with 0 */
  mustRun(command: string, args: readonly string[], options?: RunOptions): Promise<Ended>;
  /** Ends what {@link run} started and has not come back from. */
  endAll(): void;
  remove(): void;
}

const MINUTES_MS = 60_000;
/** Between being asked to end and being ended. */
const GRACE_MS = 10_000;

/** How a machine reaches its registry. */
export interface Access {
  /** npm does not publish without one, even where nobody checks it. */
  readonly token?: string;
  /** Certificates that are trusted beyond the usual. */
  readonly caFile?: string | undefined;
  /** What npm has fetched it does not ask for again: for many projects on one machine. The first finds nothing. */
  readonly asksOnce?: boolean;
}

/** @param registry its URL, with a slash at the end */
export function createWorld(registry: string, { token, caFile, asksOnce = false }: Access = {}): World {
  const root = mkdtempSync(join(tmpdir(), "hardened-mcp-e2e-"));
  const home = join(root, "home");
  const folder = join(root, "where projects are");
  const bin = join(root, "bin");
  for (const path of [home, folder, bin]) mkdirSync(path);
  const settings = [
    `registry=${registry}`,
    "update-notifier=false",
    ...(asksOnce ? ["prefer-offline=true"] : []),
    ...(token === undefined ? [] : [`//${new URL(registry).host}/:_authToken=${token}`]),
    ...(caFile === undefined ? [] : [`cafile=${caFile}`]),
  ];
  writeFileSync(join(home, ".npmrc"), `${settings.join("\n")}\n`);
  // yarn 1 has a registry of its own, and takes the one of npm for nothing.
  writeFileSync(join(home, ".yarnrc"), `registry "${registry}"\n`);
  const environment = {
    PATH: [
      bin,
      dirname(process.execPath),
      ...folderOf("npm"),
      "/usr/local/sbin",
      "/usr/local/bin",
      "/usr/sbin",
      "/usr/bin",
      "/sbin",
      "/bin",
    ].join(delimiter),
    HOME: home,
    XDG_STATE_HOME: join(root, "state"),
    npm_config_registry: registry,
    // yarn 1 installs what it runs where programs for everybody are.
    npm_config_prefix: join(root, "prefix"),
    // For root, yarn 1 has one cache below /usr, which outlives this machine.
    YARN_CACHE_FOLDER: join(root, "yarn-cache"),
    YARN_GLOBAL_FOLDER: join(root, "yarn-global"),
    YARN_NPM_REGISTRY_SERVER: registry.replace(/\/$/, ""),
    YARN_UNSAFE_HTTP_WHITELIST: "127.0.0.1",
    YARN_ENABLE_TELEMETRY: "0",
    BUN_CONFIG_REGISTRY: registry,
    ...(caFile === undefined ? {} : { NODE_EXTRA_CA_CERTS: caFile }),
  };

  const ends = new Set<(signal: NodeJS.Signals) => void>();

  async function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<Ended> {
    const startedAt = performance.now();
    // A group of its own: what it starts in turn ends with it.
    const child = spawn(command, args, {
      cwd: options.cwd ?? folder,
      env: { ...environment, ...options.environment },
      stdio: ["pipe", "pipe", "pipe"],
      detached: true,
    });
    const end = (signal: NodeJS.Signals) => endGroup(child, signal);
    ends.add(end);
    const late = [end.bind(undefined, "SIGTERM"), end.bind(undefined, "SIGKILL")].map((act, at) =>
      setTimeout(act, (options.timeoutMs ?? 5 * MINUTES_MS) + at * GRACE_MS),
    );
    const text = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"] as const)
      child[name].on("data", (chunk: Buffer) => {
        text[name] += chunk.toString("utf8");
      });
    child.stdin.on("error", () => undefined);
    child.stdin.end(options.input ?? "");
    try {
      const code = await new Promise<number | null>((resolve, reject) => {
        child.once("error", reject);
        child.once("close", resolve);
      });
      return { code, ...text, ms: performance.now() - startedAt };
    } finally {
      ends.delete(end);
      for (const timer of late) clearTimeout(timer);
    }
  }

  return {
    folder,
    bin,
    environment,
    run,
    async mustRun(command, args, options) {
      const ended = await run(command, args, options);
      if (ended.code === 0) return ended;
      const said = `${ended.stdout}\n${ended.stderr}`.trim().slice(-3000);
      throw new Error(`${[command, ...args].join(" ")} ended with ${ended.code}:\n${said}`);
    },
    endAll() {
      for (const end of ends) end("SIGKILL");
    },
    remove: () => rmSync(root, { recursive: true, force: true, maxRetries: 3 }),
  };
}

/** Where a program of the machine that this runs on is. Version managers put npm where no system has it. */
function folderOf(program: string): readonly string[] {
  const found = (process.env["PATH"] ?? "").split(delimiter).find((folder) => existsSync(join(folder, program)));
  return found === undefined ? [] : [found];
}

function endGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, signal);
  } catch {
    // The last of the group has ended.
  }
}
