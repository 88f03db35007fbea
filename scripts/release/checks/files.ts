import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../pack/workspace.ts";
import type { Candidate, Findings } from "../candidate.ts";

const EVERYWHERE = [/^package\.json$/, /^README\.md$/, /^LICENSE$/, /^dist\/.*\.(js|d\.ts)$/];

/** What else a package carries, named one by one: everything that is not expected is a leak until someone says otherwise. */
const ALSO: Readonly<Record<string, readonly RegExp[]>> = {
  "@hardened-mcp/audit": [/^record\.schema\.json$/],
  "@hardened-mcp/policy": [/^examples\/[\w-]+\.(cedar|manifest\.json)$/, /^examples\/principals\.json$/],
  "create-hardened-mcp": [/^dist\/templates\/.+/, /^dist\/THIRD-PARTY-LICENSES$/],
};

/** Never, whatever else allows it: credentials, keys, local state, what a build or an editor leaves. */
const NEVER =
  /(^|\/)(\.env(\..*)?|\.npmrc|\.git|\.turbo|\.DS_Store|node_modules|secrets|coverage)(\/|$)|\.(pem|key|p12|sqlite|db|log|map|tsbuildinfo|orig|rej|swp)$/i;

/** Code that is about such things, in a folder of that name. */
const CODE: Readonly<Record<string, RegExp>> = { "@hardened-mcp/redact": /^dist\/secrets\/[\w-]+\.(js|d\.ts)$/ };

/** Made by a bundler: its files have names of their own. */
const BUNDLED = ["create-hardened-mcp"];

/** Copied and not compiled: no source of that name under `src`. */
const COPIED = /^dist\/templates\//;

/** What the build writes among the templates. */
const WRITTEN = "dist/templates/versions.json";

/**
 * The templates' files that are in the repository. What a test, an editor or somebody left beside them is in none, and would be
 * published with them. `undefined`: git does not say.
 */
function templateFiles(): ReadonlySet<string> | undefined {
  try {
    const listed = execFileSync("git", ["ls-files", "-z", "templates"], { cwd: ROOT, encoding: "utf8", stdio: "pipe" });
    return new Set(listed.split("\0").map((path) => `dist/${path}`));
  } catch {
    return undefined;
  }
}

/**
 * Holds the tarball to what is expected in it, and to what must be. A compiled file whose source is gone is a leftover of an
 * earlier build: it would be published, and nobody would know what it does.
 *
 * @param leftovers whether those are looked for
 */
export function checkFiles(
  { name, manifest, entries, source }: Candidate,
  { leftovers = true }: { leftovers?: boolean } = {},
): Findings {
  const also = ALSO[name] ?? [];
  const expected = (path: string): boolean =>
    (!NEVER.test(path) || CODE[name]?.test(path) === true) &&
    ((!COPIED.test(path) && EVERYWHERE.some((shape) => shape.test(path))) || also.some((shape) => shape.test(path)));
  const bins = typeof manifest.bin === "string" ? [manifest.bin] : Object.values(manifest.bin ?? {});
  const paths = new Set(entries.map(({ path }) => path));
  const findings = ["README.md", "LICENSE", ...bins.map((bin) => bin.replace(/^\.\//, ""))]
    .filter((path) => !paths.has(path))
    .map((path) => `${path} is missing`);
  const copied = entries.some(({ path }) => COPIED.test(path)) ? templateFiles() : undefined;
  const mirrored = leftovers && !BUNDLED.includes(name);
  for (const { path, mode, content } of entries) {
    if (!expected(path)) findings.push(`${path} is not expected`);
    else if (COPIED.test(path) && path !== WRITTEN && !(copied?.has(path) ?? !leftovers)) {
      findings.push(`${path} is no file of the repository: remove it, or add it to git`);
    }
    if (content.length === 0) findings.push(`${path} is empty`);
    if ((mode & 0o022) !== 0) findings.push(`${path} could be written by anyone (mode ${mode.toString(8)})`);
    if ((mode & 0o111) !== 0 && !bins.includes(path)) findings.push(`${path} is executable and no command`);
    const compiled = /^dist\/(.*)\.(?:d\.ts|js)$/.exec(path)?.[1];
    if (
      mirrored &&
      compiled !== undefined &&
      !COPIED.test(path) &&
      !existsSync(join(source, "src", `${compiled}.ts`))
    ) {
      findings.push(`${path} has no source src/${compiled}.ts: remove dist and build again`);
    }
  }
  return findings;
}
