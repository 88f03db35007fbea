import { spawnSync } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const TEMPLATES = fileURLToPath(new URL("../templates/", import.meta.url));
const kinds = globSync("*/package.json", { cwd: TEMPLATES }).map((path) => dirname(path));
const read = (path: string): string => readFileSync(join(TEMPLATES, path), "utf8");

interface Manifest {
  readonly name: string;
  readonly private: boolean;
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

const manifestOf = (kind: string): Manifest => JSON.parse(read(`${kind}/package.json`));

describe.each(kinds)("the template %s", (kind) => {
  // What vitest sets for its own workers is not for them.
  const { NODE_OPTIONS: _, VITEST: __, ...env } = process.env;

  it("passes its own tests where it stands", { timeout: 240_000 }, () => {
    const { status, stdout } = spawnSync(process.execPath, ["--test", "--test-reporter=tap", "test/**/*.test.ts"], {
      cwd: join(TEMPLATES, kind),
      encoding: "utf8",
      env,
    });
    const failed = stdout.split("\n").filter((line) => /^\s*not ok /.test(line));
    expect([status, failed]).toEqual([0, []]);
    expect(Number(/^# pass (\d+)$/m.exec(stdout)?.[1])).toBeGreaterThan(10);
  });

  it("has the scripts of the minimal one, and dependencies that are exact", () => {
    const { name, private: isPrivate, scripts, dependencies, devDependencies } = manifestOf(kind);
    expect([name, isPrivate]).toEqual([kind === "minimal" ? "my-server" : `my-server-${kind}`, true]);
    expect(scripts).toMatchObject(manifestOf("minimal").scripts);
    expect(Object.keys(scripts).filter((script) => /install|prepare/.test(script))).toEqual([]);
    for (const [dependency, version] of Object.entries({ ...dependencies, ...devDependencies })) {
      const expected = dependency.startsWith("@hardened-mcp/") ? /^workspace:\*$/ : /^\d+\.\d+\.\d+$/;
      expect(version, dependency).toMatch(expected);
    }
  });
});

describe("a flag that weakens", () => {
  const DANGEROUS = /--dangerously-[\w-]+/g;

  it.each(kinds)("stands in no script of %s but dev, which may drift from what was reviewed", (kind) => {
    const { scripts } = manifestOf(kind);
    const found = Object.entries(scripts).flatMap(([name, script]) =>
      (script.match(DANGEROUS) ?? []).map((flag) => [name, flag]),
    );
    expect(found).toEqual([["dev", "--dangerously-allow-tool-drift"]]);
  });

  it("stands in nothing that deploys, checks or starts a server, nor in code or settings", () => {
    const files = globSync(["shared/**/*", "*/{src,test,policy,sample}/**/*", "*/*.json"], {
      cwd: TEMPLATES,
      withFileTypes: true,
      exclude: ["*/node_modules", "*/dist", "*/package.json", "shared/AGENTS.md"],
    });
    const paths = files.filter((one) => one.isFile()).map((one) => join(one.parentPath, one.name));
    expect(
      paths.filter((path) => /Dockerfile|compose|kubernetes|service|ci\.yml|clients/.test(path)).length,
    ).toBeGreaterThan(10);
    expect(paths.filter((path) => readFileSync(path, "utf8").match(DANGEROUS) !== null)).toEqual([]);
  });
});
