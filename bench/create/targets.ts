/** A scaffolder, as somebody types it who wants a project in the folder `my-server` and nothing installed. */
export interface Target {
  /** The package, as it is on the registry. */
  readonly name: string;
  readonly version: string;
  /** After `npm`. */
  readonly npm: readonly string[];
  /** Its program among those that npm installs, and what comes after it. */
  readonly program: readonly [name: string, ...args: string[]];
}

/** Where each target makes its project, below a new and empty folder. */
export const PROJECT = "my-server";

/**
 * Ours, asked for as a user does. It makes a git repository too, as it does unless told not to. `latest` is a question to the
 * registry that an exact version spares the others.
 */
export function ours(version: string): Target {
  const name = "create-hardened-mcp";
  return { ...created(name, "hardened-mcp@latest", [PROJECT, "--no-install"]), name, version };
}

/** Of each the flags that keep it from asking, from installing and, where there is one, from git. */
export const PEERS: readonly Target[] = [
  peer("create-vite", "9.3.0", "vite", [PROJECT, "--template", "vanilla-ts", "--no-interactive"]),
  peer("create-next-app", "16.4.3", "next-app", [PROJECT, "--yes", "--skip-install", "--disable-git"]),
  {
    ...peer("@modelcontextprotocol/create-server", "0.3.1", "@modelcontextprotocol/server", [
      PROJECT,
      "--name",
      PROJECT,
      "--description",
      "bench",
    ]),
    program: ["create-mcp-server", PROJECT, "--name", PROJECT, "--description", "bench"],
  },
  peer("create-xmcp-app", "0.2.1", "xmcp-app", [PROJECT, "--yes", "--skip-install"]),
  executed("mcp-framework", "0.2.22", ["mcp", "create", PROJECT, "--http", "--no-install"]),
  executed("@cyanheads/mcp-ts-core", "0.10.17", ["mcp-ts-core", "init", PROJECT]),
];

function peer(name: string, version: string, initializer: string, args: readonly string[]): Target {
  return { ...created(name, `${initializer}@${version}`, args), name, version };
}

/** `npm create`; npm keeps flags for itself that do not come after two hyphens. */
function created(name: string, spec: string, [dir = PROJECT, ...flags]: readonly string[]) {
  return {
    npm: ["create", "--yes", spec, dir, "--", ...flags],
    program: [name, dir, ...flags] as const,
  };
}

/** A framework that has its scaffolder inside, under a name of its own. */
function executed(name: string, version: string, program: Target["program"]): Target {
  return { name, version, npm: ["exec", "--yes", `--package=${name}@${version}`, "--", ...program], program };
}
