import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { type Candidate, type Findings, openCandidate } from "../../scripts/release/candidate.ts";
import { checkFiles } from "../../scripts/release/checks/files.ts";
import { checkImports } from "../../scripts/release/checks/imports.ts";
import { checkInstallScripts } from "../../scripts/release/checks/install-scripts.ts";
import { checkManifest } from "../../scripts/release/checks/manifest.ts";
import { checkShape, checkTypes } from "../../scripts/release/checks/shape.ts";
import { productionClosure } from "../../scripts/release/closure.ts";
import { readTarball } from "../../scripts/release/tarball.ts";
import { type Difference, packGood } from "../support/tarball.ts";

const folder = mkdtempSync(join(tmpdir(), "hardened-mcp-release-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const RELEASE = { version: "1.2.3", ours: ["@hardened-mcp/good", "@hardened-mcp/state"] };
const CHECKS: Readonly<Record<string, (candidate: Candidate) => Findings | Promise<Findings>>> = {
  files: checkFiles,
  manifest: (candidate) => checkManifest(candidate, RELEASE),
  imports: checkImports,
  shape: checkShape,
  types: checkTypes,
};
type Bad = readonly [check: string, what: string, difference: Difference, finding: string];

const CREATE = 'import { createRequire } from "node:module";\nconst require = createRequire(import.meta.url);\n';
/** Ways to ask for a package that the manifest does not bring, or for one that nobody can tell. */
const PHANTOMS: readonly (readonly [what: string, code: string, finding: string])[] = [
  ["a phantom by require", `${CREATE}require("pg");`, "imports pg, which"],
  ["a phantom by require in single quotes", `${CREATE}require('pg');`, "imports pg, which"],
  ["a phantom by require in a template", `${CREATE}require(\`pg\`);`, "imports pg, which"],
  ["a phantom by require, with blanks and an escape", `${CREATE}require ( /* x */ "p\\x67" );`, "imports pg, which"],
  ["a phantom by require.resolve", `${CREATE}require.resolve('pg/x');`, "imports pg, which"],
  [
    "a phantom by a require of another name",
    `${CREATE.replace("const require", "const load")}load("pg");`,
    "imports pg",
  ],
  [
    "a phantom by a createRequire of another name",
    'import { createRequire as make } from "module";\nmake(import.meta.url)("pg");',
    "imports pg, which",
  ],
  ["a phantom by import.meta.resolve", "import.meta.resolve('pg');", "imports pg, which"],
  ["a phantom by import in a template", "await import(`pg`);", "imports pg, which"],
  ["an import of what is not constant", "await import(process.argv[2]);", "process.argv[2]"],
  ["a require of what is not constant", `${CREATE}require("p" + "g");`, 'require("p" + "g")'],
  ["a require that is handed on", `${CREATE}const load = require;\nload("pg");`, "load = require"],
  ["a createRequire that is handed on", `${CREATE}const make = createRequire;`, "make = createRequire"],
  ["a require that is exported", `${CREATE}export { require };`, "require"],
  ["all of node:module", 'import * as m from "node:module";\nm.createRequire(import.meta.url)("pg");', "* as m"],
  ["node:module by default", 'import m from "node:module";\nm["create" + "Require"]("/")("pg");', "m"],
  ["node:module on demand", '(await import("node:module")).createRequire("/")("pg");', "node:module"],
  ["node:module handed on", 'export { createRequire as make } from "node:module";', "createRequire as make"],
  ["a require by destructuring", `${CREATE}const { resolve } = require;\nresolve("pg");`, "= require"],
  ["a require that was left as an object", `${CREATE}require.resolve.call(0, "pg");`, "require.resolve"],
  ["node:module by the process", 'process.getBuiltinModule("module").createRequire("/")("pg");', "getBuiltinModule"],
  ["what is no script", "import {", "dist/index.js cannot be parsed"],
];
const PHANTOM_TYPES: readonly (readonly [what: string, code: string])[] = [
  ["a phantom in a type by import", "export type A = import('left-pad').B;"],
  ["a phantom in a type by require", 'import a = require("left-pad");\nexport { a };'],
  ["a phantom in a type by reference", '/// <reference types="left-pad" />\nexport {};'],
  ["a phantom in a type that it adds to", 'export {};\ndeclare module "left-pad" { interface A {} }'],
];

const candidate = (difference?: Difference): Candidate => {
  const [tarball, source] = packGood(folder, difference);
  return { ...openCandidate(tarball, ""), source };
};

describe("the checks of a release", () => {
  it.each(Object.keys(CHECKS))("%s: nothing against a package with nothing wrong", async (check) => {
    expect(await CHECKS[check]?.(candidate())).toEqual([]);
  });

  const phantom = 'import "zod";\nexport { a } from "left-pad/x";\n';
  const BAD: readonly Bad[] = [
    ["files", "a stray .env", { files: { ".env": "KEY=1" } }, ".env is not expected"],
    [
      "files",
      "a dependency that was copied in",
      inScaffolder("dist/node_modules/x.js"),
      "dist/node_modules/x.js is not",
    ],
    ["files", "a repository", inScaffolder("dist/.git/x.js"), "dist/.git/x.js is not expected"],
    [
      "files",
      "a key that calls itself a script",
      inScaffolder("dist/secrets/key.js"),
      "dist/secrets/key.js is not exp",
    ],
    ["files", "the same in capitals", inScaffolder("dist/Secrets/key.js"), "dist/Secrets/key.js is not expected"],
    ["files", "a source map", { files: { "dist/index.js.map": "{}" } }, "dist/index.js.map is not expected"],
    [
      "files",
      "a key where a whole folder is allowed",
      inTemplates("x/secrets/api-key"),
      "x/secrets/api-key is not exp",
    ],
    ["files", "an .npmrc where a whole folder is allowed", inTemplates("x/.npmrc"), "x/.npmrc is not expected"],
    ["files", "what lies beside a template", inTemplates("minimal/credentials.json"), "is no file of the repository"],
    ["files", "no licence", { files: { LICENSE: undefined } }, "LICENSE is missing"],
    ["files", "no README", { files: { "README.md": undefined } }, "README.md is missing"],
    ["files", "a command that is not there", { manifest: { bin: "dist/gone.js" } }, "dist/gone.js is missing"],
    ["files", "what an earlier build left", { files: { "dist/old.js": "1" } }, "dist/old.js has no source src/old.ts"],
    ["files", "an empty file", { files: { "dist/index.js": "" } }, "dist/index.js is empty"],
    ["files", "a file that anyone may write", { modes: { LICENSE: 0o666 } }, "LICENSE could be written by anyone"],
    ["files", "a program that is no command", { modes: { "dist/index.js": 0o755 } }, "is executable and no command"],
    ["manifest", "a postinstall", { manifest: { scripts: { postinstall: "node x" } } }, "postinstall would run"],
    ["manifest", "a binding.gyp", { files: { "binding.gyp": "{}" } }, "binding.gyp would be compiled"],
    [
      "manifest",
      "a version before the version, which would be everybody's latest",
      { manifest: { version: "1.2.3-beta.1" } },
      "1.2.3-beta.1 is no plain version",
    ],
    [
      "manifest",
      "bundled packages",
      { manifest: { bundleDependencies: ["zod"] } },
      "bundleDependencies is not expected",
    ],
    [
      "manifest",
      "the same, spelled otherwise",
      { manifest: { bundledDependencies: true } },
      "bundledDependencies is not",
    ],
    ["manifest", "a field that nobody thought of", { manifest: { overrides: {} } }, "overrides is not expected"],
    ["manifest", "workspace:", { manifest: { dependencies: { zod: "workspace:*" } } }, "zod is wanted as workspace:*"],
    ["manifest", "workspace: in a peer", { manifest: { peerDependencies: { zod: "workspace:^" } } }, "the peer zod is"],
    ["manifest", "a range", { manifest: { dependencies: { zod: "^4.6.7" } } }, "zod is wanted as ^4.6.7"],
    ["manifest", "an optional range", { manifest: { optionalDependencies: { pg: "8.x" } } }, "pg is wanted as 8.x"],
    ["manifest", "another version", { manifest: { version: "1.2.4" } }, "its version is 1.2.4, of the release 1.2.3"],
    [
      "manifest",
      "another version of ours",
      { manifest: { dependencies: { "@hardened-mcp/state": "1.2.2" } } },
      "@hardened-mcp/state is ours and wanted as 1.2.2",
    ],
    [
      "manifest",
      "another repository",
      { manifest: { repository: { url: "git+https://x.test" } } },
      "repository.url is",
    ],
    ["manifest", "no access", { manifest: { publishConfig: undefined } }, "publishConfig is undefined"],
    ["manifest", "no homepage", { manifest: { homepage: undefined } }, "homepage is missing"],
    ["manifest", "a private package", { manifest: { private: true } }, "it is private"],
    ["imports", "a phantom in a script", { files: { "dist/index.js": phantom } }, "dist/index.js imports left-pad"],
    ["imports", "a phantom in a type", { files: { "dist/index.d.ts": phantom } }, "dist/index.d.ts imports left-pad"],
    [
      "imports",
      "a phantom on demand",
      { files: { "dist/index.js": 'await import("@a/b/c");' } },
      "imports @a/b, which",
    ],
    ...PHANTOMS.map(([what, code, finding]): Bad => ["imports", what, { files: { "dist/index.js": code } }, finding]),
    ...PHANTOM_TYPES.map(
      ([what, code]): Bad => [
        "imports",
        what,
        { files: { "dist/index.d.ts": code } },
        "dist/index.d.ts imports left-pad",
      ],
    ),
    ["shape", "an export that is not there", { manifest: { exports: { ".": "./dist/no.js" } } }, "dist/no.js"],
    ["types", "no types", { files: { "dist/index.d.ts": undefined, "dist/cli.d.ts": undefined } }, "it has no types"],
    [
      "types",
      "types of another kind of module than the script",
      {
        files: { "dist/index.cjs": "module.exports = 1;" },
        manifest: { exports: { ".": { types: "./dist/index.d.ts", default: "./dist/index.cjs" } } },
      },
      "FalseESM",
    ],
  ];
  it.each(BAD)("%s: finds %s", async (check, _, difference, finding) => {
    expect((await CHECKS[check]?.(candidate(difference)))?.join("\n")).toContain(finding);
  });
});

it("imports: nothing against what the manifest brings, however it is asked for, nor against other things of that name", () => {
  const code =
    `${CREATE}require('zod');\nrequire.resolve("@hardened-mcp/state/x");\ncreateRequire("/")(\`zod/v4\`);\n` +
    'const a = { require: 1 };\na.require;\nprocess.getBuiltinModule("node:http");\nawait import("node:fs");\nimport("./x.js");';
  expect(checkImports(candidate({ files: { "dist/index.js": code } }))).toEqual([]);
});

it("files: what is code about secrets is none, in the package that is about them alone", () => {
  const [path, leak] = ["dist/secrets/shapes.js", "dist/secrets/.env.js"];
  const [tarball, source] = packGood(folder, {
    manifest: { name: "@hardened-mcp/redact" },
    files: { [path]: "1", [leak]: "1" },
  });
  mkdirSync(join(source, "src/secrets"));
  for (const name of ["shapes.ts", ".env.ts"]) writeFileSync(join(source, "src/secrets", name), "1");
  const findings = checkFiles({ ...openCandidate(tarball, ""), source });
  expect(findings).toEqual([`${leak} is not expected`]);
  expect(checkFiles(candidate({ files: { [path]: "1" } })).join()).toContain(`${path} is not expected`);
});

it("files: a bundler's files need no source of their name, in the package that is bundled alone", () => {
  const files = { "dist/chunk-X1.js": "1", "dist/THIRD-PARTY-LICENSES": "MIT" };
  const bundled = candidate({ files, manifest: { name: "create-hardened-mcp" } });
  expect(checkFiles(bundled)).toEqual([]);
  expect(checkFiles(candidate({ files }))).toHaveLength(2);
});

describe("a tarball", () => {
  it("is refused with a link in it", () => {
    const at = mkdtempSync(join(folder, "link-"));
    mkdirSync(join(at, "package"));
    symlinkSync("/etc/passwd", join(at, "package/README.md"));
    execFileSync("tar", ["-C", at, "-czf", join(at, "x.tgz"), "package/README.md"]);
    expect(() => readTarball(join(at, "x.tgz"))).toThrow(/README.md is no plain file/);
  });

  it("is refused with a file outside the package", () => {
    const at = mkdtempSync(join(folder, "outside-"));
    writeFileSync(join(at, "evil.js"), "1");
    execFileSync("tar", ["-C", at, "-czf", join(at, "x.tgz"), "evil.js"]);
    expect(() => readTarball(join(at, "x.tgz"))).toThrow(/evil.js leaves the package/);
  });

  it("is refused with a file in it twice: installers disagree on which one counts", () => {
    const [, at] = packGood(folder);
    execFileSync("tar", ["-C", at, "-cf", join(at, "x.tar"), "package/package.json"]);
    execFileSync("tar", ["-C", at, "-rf", join(at, "x.tar"), "package/package.json"]);
    execFileSync("gzip", ["-S", ".tgz", join(at, "x.tar")]);
    expect(() => readTarball(join(at, "x.tar.tgz"))).toThrow(/package.json is there twice/);
  });
});

describe("what comes along", () => {
  /** A package with one dependency that brings another, as npm lays them out. */
  const project = (deep: Readonly<Record<string, unknown>>): string => {
    const at = mkdtempSync(join(folder, "closure-"));
    const write = (path: string, manifest: object): void => {
      mkdirSync(join(at, path), { recursive: true });
      writeFileSync(join(at, path, "package.json"), JSON.stringify(manifest));
    };
    write("", { name: "top", version: "1.0.0", dependencies: { one: "1.0.0" }, peerDependencies: { host: "1.0.0" } });
    write("node_modules/one", { name: "one", version: "1.0.0", peerDependencies: { two: "2.0.0" } });
    write("node_modules/two", { name: "two", version: "2.0.0", ...deep });
    return at;
  };

  it("is found through dependencies and what they ask for, without the user's peers", () => {
    expect(productionClosure(project({})).map(({ name }) => name)).toEqual(["one", "two"]);
  });

  it("is refused when a part of it is not installed, unless it is optional", () => {
    expect(() => productionClosure(project({ dependencies: { gone: "1.0.0" } }))).toThrow(/two needs gone/);
    expect(productionClosure(project({ optionalDependencies: { gone: "1.0.0" } }))).toHaveLength(2);
  });

  it.each(["preinstall", "install", "postinstall"])("is told when a part of it runs %s", (script) => {
    const closure = productionClosure(project({ scripts: { [script]: "node steal.js" } }));
    expect(checkInstallScripts(closure)).toEqual([`two 2.0.0 runs ${script}: node steal.js`]);
  });

  it("is told when a part of it is compiled on install, and not when it says that it is not", () => {
    const at = project({});
    writeFileSync(join(at, "node_modules/two/binding.gyp"), "{}");
    expect(checkInstallScripts(productionClosure(at))).toEqual([
      "two 2.0.0 has a binding.gyp, which is compiled on install",
    ]);
    writeFileSync(join(at, "node_modules/two/package.json"), '{"name":"two","version":"2.0.0","gypfile":false}');
    expect(checkInstallScripts(productionClosure(at))).toEqual([]);
  });
});

function inScaffolder(path: string): Difference {
  return { manifest: { name: "create-hardened-mcp" }, files: { [path]: "1" } };
}

function inTemplates(path: string): Difference {
  return { manifest: { name: "create-hardened-mcp" }, files: { [`dist/templates/${path}`]: "1" } };
}
