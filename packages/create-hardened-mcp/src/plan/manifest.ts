import type { Project } from "../options/project.ts";
import type { Versions } from "../template/files.ts";

type Table = Readonly<Record<string, string>>;

/** A package.json, as far as this reads it. */
export interface Manifest {
  readonly name: string;
  readonly scripts: Table;
  readonly dependencies: Table;
  readonly devDependencies: Table;
  readonly [key: string]: unknown;
}

const DRIVERS = { sqlite: "better-sqlite3", postgres: "pg", redis: "ioredis" } as const;

/**
 * The project's package.json: the template's, with what the options add, and from what it was made.
 *
 * @param vendored packages that lie in the project, by name: where
 */
export function manifestOf(
  template: Manifest,
  project: Project,
  { version, drivers }: Versions,
  vendored: Table,
): Manifest {
  const driver = DRIVERS[project.state];
  const { transport, auth, state } = project;
  return {
    ...template,
    name: project.name,
    scripts: { ...template.scripts, ...(transport === "both" ? HTTP_SCRIPTS : {}) },
    dependencies: placed(sorted({ ...template.dependencies, [driver]: drivers[driver] ?? "" }), vendored),
    devDependencies: placed(template.devDependencies, vendored),
    ...overridesFor(project.pm, vendored),
    hardenedMcp: { version, template: project.template, transport, auth, state },
  };
}

/** Of a project whose `start` speaks stdio. */
const HTTP_SCRIPTS: Table = {
  "dev:http": "node --watch src/cli.ts --config server.http.json --dangerously-allow-tool-drift",
  "start:http": "node dist/cli.js --config server.http.json",
};

export function sorted(table: Table): Table {
  return Object.fromEntries(Object.entries(table).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function placed(dependencies: Table, vendored: Table): Table {
  return Object.fromEntries(Object.entries(dependencies).map(([name, spec]) => [name, vendored[name] ?? spec]));
}

/** What the vendored packages need of each other lies in the project, too. pnpm reads that elsewhere. */
function overridesFor(pm: Project["pm"], vendored: Table): Readonly<Record<string, Table>> {
  if (pm === "pnpm" || Object.keys(vendored).length === 0) return {};
  return pm === "yarn" ? { resolutions: vendored } : { overrides: vendored };
}
