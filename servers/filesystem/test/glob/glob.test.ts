import { describe, expect, it } from "vitest";
import { compileExcludes, compileInclude } from "../../src/glob/excludes.ts";
import { compileGlob } from "../../src/glob/glob.ts";

function matches(pattern: string, path: string): boolean {
  const segments = path.split("/");
  return compileGlob(pattern).matches(segments.slice(0, -1), segments.at(-1) ?? "");
}

describe("a glob", () => {
  it.each([
    ["*.ts", "a.ts"],
    ["*.ts", ".ts"],
    ["**/*.ts", "a.ts"],
    ["**/*.ts", "a/b/c.ts"],
    ["a/**", "a/b"],
    ["a/**", "a/b/c"],
    ["a/**/b", "a/b"],
    ["a/**/b", "a/x/y/b"],
    ["**/a/**/b/**", "x/a/b/y"],
    ["**", "a"],
    ["**", "a/b"],
    ["a/*/c", "a/.b/c"],
    ["?.txt", "é.txt"],
    ["[a-c]x", "bx"],
    ["[!a-c]x", "dx"],
    ["[^a]x", "bx"],
    ["[]]", "]"],
    ["[[:digit:]]", "7"],
    ["[a", "[a"],
    ["\\*", "*"],
    ["{a,b}.ts", "b.ts"],
    ["{a,b{c,d}}", "bd"],
    ["{a}", "{a}"],
    ["{a", "{a"],
    ["**/{x,y}/*.ts", "q/y/a.ts"],
    ["!*.ts", "a.js"],
    ["a**b", "axb"],
    ["./a", "a"],
  ])("%s matches %s", (pattern, path) => expect(matches(pattern, path)).toBe(true));

  it.each([
    ["*.ts", "a/b.ts"],
    ["*.ts", "a.tsx"],
    ["a/**", "a"],
    ["a/*", "a/b/c"],
    ["a/**/b", "ab"],
    ["?", "ab"],
    ["[a-c]x", "dx"],
    ["\\*", "a"],
    ["{a,b}", "c"],
    ["!*.ts", "a.ts"],
    ["/etc/*", "etc/passwd"],
    ["a**b", "a/b"],
  ])("%s does not match %s", (pattern, path) => expect(matches(pattern, path)).toBe(false));

  it("agrees with a simple exponential matcher on ten thousand small cases", () => {
    const random = generator(7);
    for (let round = 0; round < 10_000; round++) {
      const pattern = pick(random, ["a", "b", "*", "?", "/", "**/", "[ab]"], 1 + (round % 7));
      const path = pick(random, ["a", "b", "/"], 1 + (round % 6))
        .split("/")
        .filter((segment) => segment !== "")
        .join("/");
      if (path === "" || pattern.startsWith("/")) continue;
      expect(matches(pattern, path), `${pattern} on ${path}`).toBe(reference(pattern, path));
    }
  });
});

describe("excludePatterns", () => {
  it("take a plain name at any depth, and a pattern with * as it stands", () => {
    const plain = compileExcludes(["node_modules"]);
    expect(plain([], "node_modules")).toBe(true);
    expect(plain(["a", "b"], "node_modules")).toBe(true);
    expect(compileExcludes(["*.log"])(["a"], "x.log")).toBe(false);
  });
});

describe("include", () => {
  it("is about the name alone unless it has a slash", () => {
    expect(compileInclude("*.ts")(["a", "b"], "x.ts")).toBe(true);
    expect(compileInclude("a/*.ts")(["a", "b"], "x.ts")).toBe(false);
  });
});

/** Segments as sets of choices, tried one by one. */
function reference(pattern: string, path: string): boolean {
  const globs = pattern.split("/").filter((segment) => segment !== "");
  if (globs.at(-1) === "**") globs.push("*");
  return matchSegments(globs, path.split("/"));
}

function matchSegments(globs: readonly string[], names: readonly string[]): boolean {
  const [glob, ...rest] = globs;
  if (glob === undefined) return names.length === 0;
  if (glob === "**") return names.some((_, at) => matchSegments(rest, names.slice(at))) || matchSegments(rest, []);
  const [name, ...others] = names;
  return name !== undefined && matchName([...glob.replaceAll("[ab]", "#")], [...name]) && matchSegments(rest, others);
}

function matchName(glob: readonly string[], name: readonly string[]): boolean {
  const [part, ...rest] = glob;
  if (part === undefined) return name.length === 0;
  if (part === "*") return matchName(rest, name) || (name.length > 0 && matchName(glob, name.slice(1)));
  if (name.length === 0) return false;
  const fits = part === "?" || part === name[0] || (part === "#" && (name[0] === "a" || name[0] === "b"));
  return fits && matchName(rest, name.slice(1));
}

/** Numbers from 0 to 1 that are the same on each run. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

function pick(random: () => number, from: readonly string[], count: number): string {
  return Array.from({ length: count }, () => from[Math.floor(random() * from.length)] ?? "").join("");
}
