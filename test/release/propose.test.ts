import { execFileSync, spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const SCRIPT = resolve(import.meta.dirname, "../../scripts/release/propose.sh");
const MANIFEST = '{\n  "name": "a",\n  "version": "0.1.0",\n  "type": "module"\n}\n';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hardened-mcp-propose-"));
  git(folder, "init", "--quiet", "--bare", "--initial-branch=main", "origin");
  git(folder, "init", "--quiet", "--initial-branch=main", "work");
  git(join(folder, "work"), "remote", "add", "origin", "../origin");
  write("packages/a/package.json", MANIFEST);
  write(".changeset/brave-cat.md", "A change.\n");
  write(".github/workflows/ci.yml", "on: push\n");
  git(join(folder, "work"), "add", "--all");
  git(join(folder, "work"), ...AS, "commit", "--quiet", "--message=first");
  git(join(folder, "work"), "push", "--quiet", "origin", "main");
  // In place of gh: notes what it was told, and knows of no open pull request.
  mkdirSync(join(folder, "bin"));
  writeFileSync(join(folder, "bin/gh"), `#!/bin/sh\necho "$*" >> "${folder}/gh.txt"\n[ "$2" != list ] || echo 0\n`);
  chmodSync(join(folder, "bin/gh"), 0o755);
});
afterEach(() => rmSync(folder, { recursive: true }));

const AS = ["-c", "user.name=t", "-c", "user.email=t@example.com"];
const git = (cwd: string, ...args: readonly string[]): string => execFileSync("git", args, { cwd, encoding: "utf8" });

function write(path: string, text: string): void {
  const file = join(folder, "work", path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/** What raising the version does. */
function raise(): void {
  rmSync(join(folder, "work/.changeset/brave-cat.md"));
  write("packages/a/package.json", MANIFEST.replace("0.1.0", "0.2.0"));
  write("packages/a/CHANGELOG.md", "# a\n\n## 0.2.0\n");
}

/** Makes the difference as the job without rights does, and proposes it from a fresh tree. */
function propose(): { readonly status: number | null; readonly said: string; readonly pushed: string } {
  const work = join(folder, "work");
  git(work, "add", "--all");
  const patch = join(folder, "version.patch");
  writeFileSync(patch, git(work, "diff", "--cached", "--binary", "--no-renames"));
  git(work, "reset", "--quiet", "--hard");
  const env = { PATH: `${folder}/bin:${process.env["PATH"]}`, HOME: folder };
  const { status, stderr } = spawnSync("bash", [SCRIPT, patch], { cwd: work, encoding: "utf8", env });
  return { status, said: stderr, pushed: git(join(folder, "origin"), "branch", "--list", "changeset-release/main") };
}

describe("what raises the version", () => {
  it("is pushed to a branch of its own, and a pull request is opened", () => {
    raise();
    expect(propose()).toMatchObject({ status: 0, said: "", pushed: expect.stringContaining("changeset-release/main") });
    const files = git(join(folder, "origin"), "show", "--name-only", "--format=", "changeset-release/main");
    expect(files.trim().split("\n")).toEqual([
      ".changeset/brave-cat.md",
      "packages/a/CHANGELOG.md",
      "packages/a/package.json",
    ]);
    expect(readFileSync(join(folder, "gh.txt"), "utf8")).toMatch(/^auth setup-git\npr list .*\npr create .*\n$/);
  });
});

const ATTACKS: Readonly<Record<string, () => void>> = {
  "a workflow": () => write(".github/workflows/ci.yml", "on: pull_request_target\n"),
  "a file of code": () => write("packages/a/src/index.ts", "steal();\n"),
  "a script of the release itself": () => write("scripts/release/propose.sh", "steal\n"),
  "a script in a manifest": () =>
    write(
      "packages/a/package.json",
      MANIFEST.replace('"module"', '"module",\n  "scripts": { "postinstall": "steal" }'),
    ),
  "a dependency in a manifest": () =>
    write("packages/a/package.json", MANIFEST.replace('"module"', '"module",\n  "dependencies": { "evil": "1.0.0" }')),
  "a script in a manifest that git takes for no text": () =>
    write(
      "packages/a/package.json",
      `${MANIFEST.replace("0.1.0", "0.2.0").trim().slice(0, -2)},\n  "scripts": { "install": "\0" }\n}\n`,
    ),
  "a manifest in the root": () => write("package.json", MANIFEST),
  "a version that is none": () => write("packages/a/package.json", MANIFEST.replace("0.1.0", "1 || steal")),
  "a changelog that is a link": () => {
    rmSync(join(folder, "work/packages/a/CHANGELOG.md"));
    symlinkSync("/etc/passwd", join(folder, "work/packages/a/CHANGELOG.md"));
  },
  "a file that can be run": () => {
    write("packages/a/CHANGELOG.md", "#!/bin/sh\n");
    chmodSync(join(folder, "work/packages/a/CHANGELOG.md"), 0o755);
  },
};

describe("a difference that does more", () => {
  it.each(Object.entries(ATTACKS))("such as %s is not proposed", (_, attack) => {
    raise();
    attack();
    const { status, said, pushed } = propose();
    expect([status, pushed]).toEqual([1, ""]);
    expect(said).toContain("Nothing is proposed");
    expect(existsSync(join(folder, "gh.txt"))).toBe(false);
  });
});
