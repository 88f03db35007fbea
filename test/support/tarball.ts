import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** The files of a package that passes every check of a release. Its source must have `src/index.ts` and `src/cli.ts`. */
export const GOOD_MANIFEST = {
  name: "@hardened-mcp/good",
  version: "1.2.3",
  description: "A package with nothing wrong.",
  keywords: ["mcp"],
  type: "module",
  license: "Apache-2.0",
  homepage: "https://github.com/hardened-mcp/hardened-mcp#readme",
  bugs: "https://github.com/hardened-mcp/hardened-mcp/issues",
  engines: { node: ">=24" },
  repository: { type: "git", url: "git+https://github.com/hardened-mcp/hardened-mcp.git", directory: "packages/good" },
  publishConfig: { access: "public" },
  sideEffects: false,
  exports: { ".": { types: "./dist/index.d.ts", default: "./dist/index.js" } },
  bin: { good: "dist/cli.js" },
  dependencies: { zod: "4.6.7", "@hardened-mcp/state": "1.2.3" },
};

const GOOD_FILES = {
  LICENSE: "Apache",
  "README.md": "# Good",
  "dist/cli.js": "#!/usr/bin/env node\nconsole.log(1);\n",
  "dist/cli.d.ts": "export {};\n",
  "dist/index.js":
    'import { readFileSync } from "node:fs";\nimport { z } from "zod";\nexport const x = [readFileSync, z];\n',
  "dist/index.d.ts": "export declare const x: unknown[];\n",
};

/** What differs from the good package: keys of the manifest, files (undefined: left out), and modes of files. */
export interface Difference {
  readonly manifest?: Readonly<Record<string, unknown>>;
  readonly files?: Readonly<Record<string, string | undefined>>;
  readonly modes?: Readonly<Record<string, number>>;
}

/** Packs the good package, or one that differs from it, below `folder`. @returns the tarball and the folder of its source */
export function packGood(folder: string, { manifest, files, modes }: Difference = {}): readonly [string, string] {
  const at = mkdtempSync(join(folder, "package-"));
  const content = {
    ...GOOD_FILES,
    ...files,
    "package.json": JSON.stringify({ ...GOOD_MANIFEST, ...manifest }),
  };
  const there = Object.entries(content).filter((one): one is [string, string] => one[1] !== undefined);
  for (const [path, text] of there) {
    mkdirSync(dirname(join(at, "package", path)), { recursive: true });
    writeFileSync(join(at, "package", path), text);
    chmodSync(join(at, "package", path), modes?.[path] ?? (path === "dist/cli.js" ? 0o755 : 0o644));
  }
  mkdirSync(join(at, "src"));
  for (const name of ["index.ts", "cli.ts"]) writeFileSync(join(at, "src", name), "");
  const tarball = join(at, "good.tgz");
  execFileSync("tar", ["-C", at, "-czf", tarball, ...there.map(([path]) => `package/${path}`)]);
  return [tarball, at];
}
