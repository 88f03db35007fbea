import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Packed, packWorkspace } from "../../scripts/pack/pack-workspace.ts";
import { publishable, ROOT } from "../../scripts/pack/workspace.ts";
import { checkSbom } from "../../scripts/release/checks/sbom.ts";
import { productionClosure } from "../../scripts/release/closure.ts";
import { type Examined, examine, report } from "../../scripts/release/prove.ts";
import type { Bom } from "../../scripts/release/sbom/bom.ts";

/** A bill of materials that a test may change. */
interface Loose {
  readonly metadata: { readonly component: Record<string, unknown> };
  readonly components: Record<string, unknown>[];
}

const folder = mkdtempSync(join(tmpdir(), "hardened-mcp-release-"));
const [tarballs, sboms] = [join(folder, "packages"), join(folder, "sbom")];
let packed: readonly Packed[];
beforeAll(() => {
  packed = packWorkspace(tarballs);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** One with most of the others below it; `pnpm check` examines all. */
describe("what would be published of the database server", () => {
  let examined: readonly Examined[];
  beforeAll(async () => {
    examined = await examine(packed, { tarballs, sboms, leftovers: false, only: ["@hardened-mcp/database"] });
  });

  it("has nothing against it", () => {
    expect(examined.map(({ name, findings }) => [name, findings])).toEqual([["@hardened-mcp/database", []]]);
  });

  it("is shown as a table, with what speaks against it below", () => {
    const bad = { ...examined[0]!, findings: [".env is not expected"] };
    expect(report([bad])).toMatch(
      /^package +version +files .*\n@hardened-mcp\/database .* 1\nFAILED .*: \.env is not expected$/,
    );
  });

  describe("as a bill of materials", () => {
    const closure = productionClosure(join(ROOT, "servers/database"));
    const bom = (): Loose =>
      JSON.parse(readFileSync(join(sboms, globSync("*-database-*.cdx.json", { cwd: sboms })[0] ?? ""), "utf8"));

    it("has ours with the hash of the tarball that is published", () => {
      const { file } = packed.find(({ name }) => name === "@hardened-mcp/database")!;
      const hash = spawnSync("sha512sum", [join(tarballs, file)], { encoding: "utf8" }).stdout.split(" ")[0];
      expect(bom().metadata.component["hashes"]).toEqual([{ alg: "SHA-512", content: hash }]);
    });

    it.each<[string, (bom: Loose) => unknown, string]>([
      ["leaves something out", (one) => one.components.shift(), "leaves out"],
      [
        "lists what is not there",
        (one) => one.components.push({ ...one.components[0]!, purl: "pkg:npm/x@1.0.0" }),
        "x@1.0.0, which",
      ],
      ["knows no licence", (one) => delete one.components[0]!["licenses"], "has no licence of"],
      ["has no hash", (one) => delete one.metadata.component["hashes"], "has no hash of @hardened-mcp/database"],
      [
        "is none of CycloneDX",
        (one) => (one.components[0]!["type"] = "thing"),
        "breaks the schema: /components/0/type",
      ],
    ])("is refused when it %s", (_, change, finding) => {
      const changed = bom();
      change(changed);
      expect(checkSbom(changed as unknown as Bom, closure).join("\n")).toContain(finding);
    });
  });
});

describe("raising the version", () => {
  it("raises all that is published together, and nothing else", () => {
    const clone = join(folder, "clone");
    const paths = [
      ...globSync("{package.json,pnpm-*.yaml,.changeset/config.json}", { cwd: ROOT }),
      ".changeset/config.json",
    ];
    const manifests = globSync("{packages,servers,templates}/*/package.json", { cwd: ROOT });
    const others = globSync("{bench,conformance,demo}/package.json", { cwd: ROOT });
    for (const path of [...paths, ...manifests, ...others]) {
      mkdirSync(dirname(join(clone, path)), { recursive: true });
      cpSync(join(ROOT, path), join(clone, path));
    }
    const git = (...args: string[]) =>
      execFileSync("git", ["-C", clone, "-c", "user.name=a", "-c", "user.email=a@b.test", ...args]);
    git("init", "-q", "-b", "main");
    git("add", "-A");
    git("commit", "-q", "-m", "before");
    writeFileSync(join(clone, ".changeset/one.md"), '---\n"@hardened-mcp/redact": major\n---\n\nFind less.\n');
    execFileSync(process.execPath, [join(ROOT, "node_modules/@changesets/cli/bin.js"), "version"], { cwd: clone });

    const raised = publishable(clone).map(({ manifest: { version } }) => version);
    expect(new Set(raised).size).toBe(1);
    expect(raised[0]).not.toBe(publishable()[0]?.manifest.version);
    const changed = git("diff", "--name-only")
      .toString()
      .split("\n")
      .filter((path) => path.endsWith("package.json"));
    expect(changed.sort()).toEqual(
      publishable()
        .map((one) => `${one.folder}/package.json`)
        .sort(),
    );
    expect(readFileSync(join(clone, "packages/redact/CHANGELOG.md"), "utf8")).toContain("Find less.");
  });
});
