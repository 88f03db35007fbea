import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ERAS } from "./calls.ts";
import { expectOurs } from "./installed.ts";
import { createLine, scriptLine } from "./managers.ts";
import { type Project, served } from "./project.ts";
import type { Row } from "./rows.ts";
import { hasIssuer, type Services } from "./services.ts";
import { USES } from "./templates.ts";
import type { Step } from "./trial.ts";

/** What somebody would do with a new project, in order. Each step throws where it is not as it should be. */
export const STEPS = [
  "create",
  "typecheck",
  "lint",
  "lock",
  "test",
  "build",
  "point",
  "read",
  "write",
  "audit",
] as const;
/** Of them, those that need no more than a project that is built. */
const OF_BUILT = STEPS.slice(STEPS.indexOf("point"));

/** Makes one project as a user does, and does with it what a user does. @throws {Error} a step is not as it should be */
export async function tryRow(
  project: Omit<Project, "folder">,
  dir: string,
  step: Step,
  steps: readonly (typeof STEPS)[number][] = STEPS,
): Promise<void> {
  const whole: Project = { ...project, folder: join(project.world.folder, dir) };
  for (const name of steps) await step(name, () => DO[name](whole, dir));
}

/** Starts a project that was made and built otherwise, and calls it. @throws {Error} a step is not as it should be */
export async function checkBuilt(project: Project, step: Step): Promise<void> {
  for (const name of OF_BUILT) await step(name, () => DO[name](project, ""));
}

const script =
  (name: string, args: readonly string[] = []) =>
  async ({ row, folder, world }: Project): Promise<void> => {
    const [command, ...rest] = scriptLine(row.pm, name, args);
    await world.mustRun(command, rest, { cwd: folder });
  };

const DO: Readonly<Record<(typeof STEPS)[number], (project: Project, dir: string) => Promise<void>>> = {
  create: async ({ row, world }, dir) => {
    const { template, transport, auth, state, pm } = row;
    const flags = [
      "--template",
      template,
      "--transport",
      transport,
      "--auth",
      auth,
      "--state",
      state,
      "--yes",
      "--no-git",
    ];
    const [command, ...args] = createLine(pm, dir, flags);
    await world.mustRun(command, args);
    expectOurs(join(world.folder, dir));
  },
  typecheck: script("typecheck"),
  lint: script("lint"),
  lock: script("lock:check"),
  test: script("test"),
  build: script("build"),
  // What the user's own services are, in place of the examples.
  point: async ({ row, folder, services }) => {
    if (row.state !== "sqlite") writeFileSync(join(folder, "secrets/state-url"), await services.stateUrl(row.state));
    if (hasIssuer(row)) await pointAtIssuer(folder, row, services);
  },
  read: async (project) => {
    const { reads, writes } = USES[project.row.template];
    await served(project, {}, async (connect) => {
      for (const era of ERAS) {
        await using caller = await connect(era);
        const names = await caller.toolNames();
        if (names.includes(writes.tool))
          throw new Error(`${writes.tool} is listed to the ${era} client without --allow-write.`);
        const answer = JSON.stringify(await caller.call(reads.tool, reads.args));
        if (answer.includes('"isError":true') || !answer.toLowerCase().includes(reads.answers))
          throw new Error(`${reads.tool} answered the ${era} client: ${answer.slice(0, 500)}`);
        const unknown = JSON.stringify(await caller.call(reads.tool, { ...reads.args, surprise: 1 }));
        if (!unknown.includes("invalid_input"))
          throw new Error(`An unknown argument was answered: ${unknown.slice(0, 500)}`);
      }
    });
  },
  write: async (project) => {
    const { writes } = USES[project.row.template];
    await served(project, { allowWrite: true }, async (connect, isLocal) => {
      await using caller = await connect("new");
      // A tool that the policy permits to nobody is not there, which clients throw.
      const asked = caller
        .call(writes.tool, writes.args(isLocal ? "end-to-end-stdio" : "end-to-end-http"))
        .catch((error: Error) => ({ isError: true, why: error.message }));
      const answer = JSON.stringify(await asked);
      // Over HTTP without auth nobody has a role, so the policy permits no writing to anybody.
      const isPermitted = isLocal || project.row.auth !== "none";
      if (isPermitted === answer.includes('"isError":true'))
        throw new Error(`${writes.tool} answered: ${answer.slice(0, 500)}`);
    });
  },
  audit: async ({ row, world, folder }) => {
    // As the README says: the start prints the folder, whose name only the project can tell.
    const printed = await world.mustRun("node", ["dist/cli.js", "--print-config"], { cwd: folder });
    const dir = (JSON.parse(printed.stdout) as { auditDir: string }).auditDir;
    const [command, ...rest] = scriptLine(row.pm, "audit", [dir]);
    await world.mustRun(command, rest, { cwd: folder });
  },
};

/** Names the real authorization server in place of the example: who it is, how it is trusted, and who may write. */
async function pointAtIssuer(folder: string, row: Row, services: Services): Promise<void> {
  const { server, caFile } = await services.authorizationServer();
  const file = join(folder, row.transport === "both" ? "server.http.json" : "server.config.json");
  const config = JSON.parse(readFileSync(file, "utf8")) as { auth: { issuers: [Record<string, unknown>] } };
  const issuer = config.auth.issuers[0];
  issuer["issuer"] = server.issuer;
  if (row.auth === "jwt") issuer["jwksUri"] = `${server.issuer}/jwks`;
  issuer["caFile"] = caFile;
  issuer["privateAddresses"] = "allow";
  issuer["claims"] = { roles: { claim: "groups", map: { editors: "writer" } } };
  writeFileSync(file, JSON.stringify(config, undefined, 2));
}
