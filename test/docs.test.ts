import { type ChildProcessWithoutNullStreams, execFileSync, spawn } from "node:child_process";
import {
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { homedir, tmpdir } from "node:os";
import { dirname, join, relative, resolve } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { verifyAuditLog } from "../packages/audit/src/index.ts";
import { AUTH_DEFAULTS } from "../packages/auth/src/defaults.ts";
import { commands } from "../packages/cli/src/commands.ts";
import { CHOICE_NAMES, valuesOf } from "../packages/create-hardened-mcp/src/options/choices.ts";
import { FLAG_ROWS, parseFlags } from "../packages/create-hardened-mcp/src/options/flags.ts";
import { resolveProject } from "../packages/create-hardened-mcp/src/options/resolve.ts";
import { LIMIT_DEFAULTS } from "../packages/limits/src/defaults.ts";
import { formatFinding } from "../packages/policy/src/cedar/finding.ts";
import { readPolicies } from "../packages/policy/src/cedar/load/load-policies.ts";
import { EFFECT_RULES, EFFECTS } from "../packages/server/src/effect.ts";
import { HTTP_LIMITS } from "../packages/server/src/http/options.ts";
import { planTls } from "../packages/server/src/http/tls/options.ts";
import { SERVER_LIMITS } from "../packages/server/src/options.ts";
import { STATE_DEFAULTS } from "../packages/state/src/defaults.ts";
import { loadConfig } from "../servers/filesystem/src/config/load.ts";
import { loadConfig as loadApiConfig } from "../servers/http-api/src/config/load.ts";

const ROOT = resolve(import.meta.dirname, "..");
// The pages of templates stand in a generated project; test/templates holds them.
const PAGES = globSync("**/*.md", { cwd: ROOT, exclude: ["**/node_modules", "**/dist", "**/.*", "templates"] }).sort();
const read = (path: string): string => readFileSync(join(ROOT, path), "utf8");

/** The rows of a page's tables, whatever the padding. */
const rowsOf = (path: string): readonly string[] =>
  read(path)
    .split("\n")
    .filter((line) => line.startsWith("|"))
    .map((line) => line.replaceAll(/ +/g, " "));

/** A page without its fenced code, where brackets are not links and `#` is no heading. */
const prose = (path: string): string => read(path).replaceAll(/^```.*?^```/gms, "");

/** As GitHub makes them: lower case, punctuation dropped, spaces to hyphens, repeats numbered. */
function anchorsOf(path: string): ReadonlySet<string> {
  const seen = new Map<string, number>();
  const anchors = new Set<string>();
  for (const [, title = ""] of prose(path).matchAll(/^#{1,6}\s+(.+)$/gm)) {
    const slug = title
      .trim()
      .toLowerCase()
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1")
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(/\s/g, "-");
    const times = seen.get(slug) ?? 0;
    seen.set(slug, times + 1);
    anchors.add(times === 0 ? slug : `${slug}-${times}`);
  }
  return anchors;
}

function* linksOf(path: string): Generator<readonly [text: string, target: string]> {
  const text = prose(path).replaceAll(/`[^`\n]*`/g, (code) => code.replaceAll(/[[\]()]/g, " "));
  for (const [, label = "", target = ""] of text.matchAll(/\[([^\]]*)\]\(([^)\s]+)\)/g)) yield [label, target];
}

const escaped = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&");

const onDisk = (page: string, target: string): string =>
  target === "" ? page : relative(ROOT, resolve(ROOT, dirname(page), target));

describe("every page", () => {
  it.each(PAGES)("%s links only to what exists", (page) => {
    const broken = [...linksOf(page)]
      .map(([, target]) => target)
      .filter((target) => !/^[a-z]+:/.test(target))
      .filter((target) => {
        const [path = "", anchor] = target.split("#");
        const file = onDisk(page, decodeURIComponent(path));
        if (!existsSync(join(ROOT, file))) return true;
        return anchor !== undefined && file.endsWith(".md") && !anchorsOf(file).has(anchor);
      });
    expect(broken).toEqual([]);
  });

  it.each(PAGES)("%s names no path of the machine it was written on", (page) => {
    const own = read(page).includes(`${homedir()}/`) ? [homedir()] : [];
    expect([...own, ...(read(page).match(/(?<![\w.~/-])\/(?:work|root|tmp)\/[\w.-]+/g) ?? [])]).toEqual([]);
  });

  // A promise is written as:  - [path of a test](link): "its name"; "another name in that file". Where a name has a
  // placeholder, the page has "…".
  it.each(PAGES)("%s quotes tests by the names they have", (page) => {
    const strangers: string[] = [];
    for (const [, target = "", names = ""] of prose(page).matchAll(
      /^- \[[^\]]*\]\(([^)]+\.test\.ts)\): ("[^\n]*)$/gm,
    )) {
      const file = onDisk(page, target);
      const source = existsSync(join(ROOT, file)) ? read(file) : "";
      for (const [, name = ""] of names.matchAll(/"([^"]+)"/g)) {
        if (!new RegExp(name.split("…").map(escaped).join(".{1,16}")).test(source)) strangers.push(`${file}: ${name}`);
      }
    }
    expect(strangers).toEqual([]);
  });
});

describe("every pattern", () => {
  const patterns = PAGES.filter((page) => /^docs\/patterns\/(?!README)/.test(page));

  it.each(patterns)("%s has its five parts, and a test", (page) => {
    const parts = [...prose(page).matchAll(/^## (.+)$/gm)].map(([, title]) => title);
    expect(parts).toEqual(["The attack", "The naive code", "The pattern", "The test", "Limits"]);
    expect([...linksOf(page)].some(([, target]) => target.endsWith(".test.ts"))).toBe(true);
  });

  it.each(patterns)("%s is in the index", (page) => {
    expect([...linksOf("docs/patterns/README.md")].map(([, target]) => target)).toContain(
      relative("docs/patterns", page),
    );
  });
});

interface Control {
  readonly id: string;
  readonly control: string;
  readonly status: "done" | "partial" | "planned";
  readonly code: readonly string[];
  readonly tests: readonly string[];
  readonly note?: string;
}

describe("the controls", () => {
  const controls: readonly Control[] = JSON.parse(read("docs/controls.json"));
  const link = (path: string): string => `[${path.split("/").at(-1)}](../${path})`;
  const rowOf = ({ id, control, status, code, tests, note = "" }: Control): string =>
    `| ${[id, control, status, code.map(link).join(", "), tests.map(link).join(", "), note].join(" | ")} |`.replaceAll(
      / +/g,
      " ",
    );

  it("are C01 to C68, each once, in order", () => {
    const ids = Array.from({ length: 68 }, (_, index) => `C${String(index + 1).padStart(2, "0")}`);
    expect(controls.map(({ id }) => id)).toEqual(ids);
  });

  it("stand in the page exactly as in the data, and no others", () => {
    const rows = rowsOf("docs/controls.md").filter((row) => row.startsWith("| C"));
    expect(rows).toEqual(controls.map(rowOf));
  });

  it("are counted right in the page", () => {
    const count = (status: string): number => controls.filter((one) => one.status === status).length;
    expect(read("docs/controls.md")).toContain(
      `${count("done")} done, ${count("partial")} partial, ${count("planned")} planned`,
    );
  });

  it.each(controls.map((one) => [one.id, one] as const))("%s claims only what there is", (_, one) => {
    expect(
      Object.keys(one).filter((key) => !["id", "control", "status", "code", "tests", "note"].includes(key)),
    ).toEqual([]);
    expect([...one.code, ...one.tests].filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
    expect(one.tests.filter((path) => !path.endsWith(".test.ts"))).toEqual([]);
    if (one.status === "planned") {
      expect([...one.code, ...one.tests]).toEqual([]);
    } else {
      expect(["done", "partial"]).toContain(one.status);
      expect(one.code).not.toEqual([]);
      expect(one.tests).not.toEqual([]);
    }
    if (one.status === "partial") expect(one.note ?? "", "what is missing").not.toBe("");
  });
});

describe("facts that stand in code and in pages", () => {
  const page = read("docs/getting-started.md");
  const figure = (value: number): string => value.toLocaleString("en-US");

  it.each([
    [`read ${EFFECT_RULES.read.callsPerMinute}, write ${EFFECT_RULES.write.callsPerMinute}`],
    [`destroy ${EFFECT_RULES.destroy.callsPerMinute}, external ${EFFECT_RULES.external.callsPerMinute}`],
    [`${SERVER_LIMITS.concurrency}, and ${SERVER_LIMITS.queue} wait for up to ${figure(SERVER_LIMITS.maxWaitMs)} ms`],
    [`${figure(SERVER_LIMITS.deadlineMs)} ms, then its signal is aborted`],
    [`${figure(SERVER_LIMITS.maxResultBytes)} bytes, then a visible cut`],
    [
      `${figure(LIMIT_DEFAULTS.json.maxBytes)} bytes, depth ${LIMIT_DEFAULTS.json.maxDepth}, ${figure(LIMIT_DEFAULTS.json.maxValues)} values`,
    ],
    [`${figure(HTTP_LIMITS.requestsPerMinutePerAddress)} requests a minute`],
    [`${HTTP_LIMITS.failuresPerMinutePerAddress} failed credentials a minute`],
    [`${figure(HTTP_LIMITS.maxConnections)} connections`],
    [`files looked at every ${figure(planTls({ certFile: "server.pem", keyFile: "server.key" }).reloadMs)} ms`],
    [`for ${figure(SERVER_LIMITS.staleStateMs)} ms; writes are refused`],
    [`${AUTH_DEFAULTS.clockToleranceS} s`],
    [`${figure(AUTH_DEFAULTS.maxAgeS)} s from issue to expiry`],
    [`${figure(AUTH_DEFAULTS.maxTokenBytes)} bytes`],
    [`${figure(AUTH_DEFAULTS.tokenCache.maxAgeMs)} ms`],
    [`DPoP ${AUTH_DEFAULTS.dpop}, certificates ${AUTH_DEFAULTS.mtls}`],
    [
      `${figure(STATE_DEFAULTS.timeoutMs)} ms an operation, then tried again every ${figure(STATE_DEFAULTS.probeMs)} ms`,
    ],
  ])("getting started says: %s", (fact) => {
    expect(page).toContain(fact);
  });

  it.each(EFFECTS)("the architecture page has the row of %s right", (effect) => {
    const { registeredByDefault, approvalByDefault, intentDurableFirst, callsPerMinute } = EFFECT_RULES[effect];
    const words = [registeredByDefault, approvalByDefault, intentDurableFirst].map((one) => (one ? "yes" : "no"));
    const row = `| \`${effect}\` | ${[...words, callsPerMinute].join(" | ")} |`;
    expect(rowsOf("docs/architecture.md").filter((one) => one.startsWith(row))).toHaveLength(1);
  });
});

/** Blocks that an operator copies: held against the reader that will meet them. */
describe("what an operator copies", () => {
  const blocks = (language: string): readonly (readonly [string, string])[] =>
    PAGES.flatMap((page) =>
      [...read(page).matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, "gms"))].map(
        ([, text = ""]) => [page, text] as const,
      ),
    );
  const inFile = <T>(name: string, text: string, use: (file: string) => T): T => {
    const folder = mkdtempSync(join(tmpdir(), "hardened-mcp-docs-"));
    try {
      writeFileSync(join(folder, name), text);
      return use(join(folder, name));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  };

  const configs = blocks("json").filter(([, text]) => text.startsWith('{\n  "roots"'));
  it("has a configuration in it", () => expect(configs.length).toBeGreaterThan(0));
  it.each(configs)("%s: the configuration is one that the filesystem server takes: %.60s", (_, text) => {
    expect(() => inFile("files.json", text, (config) => loadConfig({ roots: [], config }, {}))).not.toThrow();
  });

  const apis = blocks("json").filter(([, text]) => text.startsWith('{\n  "apis"'));
  it("has a configuration with an API in it", () => expect(apis.length).toBeGreaterThan(0));
  it.each(apis)("%s: the configuration is one that the HTTP API server takes: %.60s", (_, text) => {
    // The API of a command line has its document there.
    const spec = JSON.parse(text).apis.api === undefined ? {} : { spec: "openapi.yaml" };
    expect(() => inFile("api.json", text, (config) => loadApiConfig({ ...spec, config }, {}))).not.toThrow();
  });

  const lines = PAGES.flatMap((page) =>
    [
      ...read(page).matchAll(
        /^(?:\$ )?(?:(?:npx -y @hardened-mcp\/cli|npx @hardened-mcp\/cli|hardened-mcp) )([a-z].*)$/gm,
      ),
    ].map(([, line = ""]) => [page, line] as const),
  );
  it.each(lines)("%s: the command knows its words and flags: %s", async (_, line) => {
    const row = commands.find(({ name }) => `${line} `.startsWith(`${name} `));
    const { options = {} } = (await row?.load()) ?? {};
    const flags = [...line.replaceAll(/"[^"]*"/g, "").matchAll(/ --([a-z-]+)/g)].map(([, flag = ""]) => flag);
    expect(row?.name).toBeDefined();
    expect(flags.filter((flag) => !Object.hasOwn(options, flag))).toEqual([]);
  });

  const manifests = globSync("packages/policy/examples/*.manifest.json", { cwd: ROOT }).map((path) => join(ROOT, path));
  it.each(blocks("cedar"))("%s: the policy holds against the servers it speaks of: %.60s", (_, text) => {
    const found = inFile("page.cedar", text, (file) =>
      readPolicies({ files: [file, ...manifests] }, { manifests: [] }),
    );
    expect(found.findings.map(formatFinding)).toEqual([]);
  });
});

/** What the scaffolder is told in pages: held against its own command line. */
describe("a new project", () => {
  const made = (flags: string) => resolveProject(parseFlags(flags.split(" ").filter((word) => word !== "--")), {});
  const rows = rowsOf("docs/create.md");

  const lines = PAGES.flatMap((page) =>
    [...read(page).matchAll(/^(?:\$ )?(?:p?npm create hardened-mcp(?:@latest)?|npx -y pnpm@12 new) (.+)$/gm)].map(
      ([whole, flags = ""]) => [page, whole, flags] as const,
    ),
  );
  it("has lines that make one", () => expect(lines.map(([page]) => page)).toContain("README.md"));
  it.each(lines)("%s: the scaffolder takes: %s", (_, line, flags) => {
    expect(() => made(flags)).not.toThrow();
    // Without them npm keeps the flags for itself.
    if (line.includes("npm create hardened-mcp@latest") && flags.includes(" --t")) expect(flags).toContain(" -- --");
  });

  it.each(CHOICE_NAMES)("the table of options has every value of --%s, the default first", (name) => {
    const row = rows.find((one) => one.startsWith(`| \`--${name}\` |`)) ?? "";
    const values = [...(row.split("|")[2] ?? "").matchAll(/`([^`]+)`/g)].map(([, value]) => value);
    expect(values.toSorted()).toEqual(valuesOf(name).toSorted());
    expect(values[0]).toBe(made("x")[name]);
  });

  it("the table of options has every flag, and no other", () => {
    const named = rows.flatMap((row) => [...(row.split("|")[1] ?? "").matchAll(/`(--[a-z-]+)(?: [A-Z]+)?`/g)]);
    const known = [...CHOICE_NAMES.map((name) => `--${name}`), ...Object.keys(FLAG_ROWS)];
    expect([...new Set(named.map(([, flag]) => flag))].toSorted()).toEqual(known.toSorted());
  });

  const refused = rows
    .flatMap((row) => [...row.matchAll(/^\| `(--\w+ [^`]*)` \|/g)].map(([, flags = ""]) => flags))
    .filter((flags) => !/^--[a-z-]+ [A-Z]+$/.test(flags));
  it("has choices that are refused", () => expect(refused.length).toBeGreaterThan(0));
  it.each(refused)("is refused, as the page says: %s", (flags) => {
    expect(() => made(flags)).toThrow();
  });
});

/** Code blocks whose first line is `// file: NAME`: whole files, compiled and run as a reader would who copies them. */
describe("samples", () => {
  const samples = PAGES.filter((page) => page.startsWith("docs/")).flatMap((page) =>
    [...read(page).matchAll(/^```ts\n\/\/ file: (\S+)\n(.*?)^```/gms)].map(([, name = "", code = ""]) => ({
      name,
      code,
    })),
  );
  let folder: string;

  /** A project of its own with what `npm install` would bring, linked instead of fetched. */
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "hardened-mcp-docs-"));
    const modules = join(folder, "node_modules");
    mkdirSync(join(modules, "@hardened-mcp"), { recursive: true });
    for (const name of [
      "audit",
      "auth",
      "limits",
      "policy",
      "redact",
      "safe-fetch",
      "safe-path",
      "safe-sql",
      "server",
      "state",
    ]) {
      symlinkSync(join(ROOT, "packages", name), join(modules, "@hardened-mcp", name));
    }
    symlinkSync(join(ROOT, "packages/server/node_modules/zod"), join(modules, "zod"));
    symlinkSync(
      join(ROOT, "packages/server/node_modules/@modelcontextprotocol"),
      join(modules, "@modelcontextprotocol"),
    );
    symlinkSync(join(ROOT, "node_modules/@types"), join(modules, "@types"));
    writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
    const compilerOptions = { noEmit: true, skipLibCheck: true };
    writeFileSync(
      join(folder, "tsconfig.json"),
      JSON.stringify({ extends: join(ROOT, "tsconfig.base.json"), compilerOptions, include: ["*.ts"] }),
    );
    for (const { name, code } of samples) writeFileSync(join(folder, name), code);
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("each has a name of its own", () => {
    expect(new Set(samples.map(({ name }) => name)).size).toBe(samples.length);
  });

  it("compile under the strictest settings", () => {
    const compiled = (): string => {
      try {
        return execFileSync(join(ROOT, "node_modules/.bin/tsc"), ["-p", folder], { encoding: "utf8" });
      } catch (error) {
        return String((error as { stdout?: unknown }).stdout ?? error);
      }
    };
    expect(compiled()).toBe("");
  });

  it("the server of getting started runs, answers, and refuses as the page shows", async () => {
    const child = spawn(process.execPath, ["notes-server.ts"], { cwd: folder, stdio: "pipe" });
    const ask = asking(child);
    const clientInfo = { name: "docs", version: "1.0.0" };
    await ask("initialize", { protocolVersion: "2025-06-18", capabilities: {}, clientInfo });
    const answer = await ask("tools/call", { name: "read_note", arguments: { id: "plan" } });
    expect(answer).toMatchObject({ structuredContent: { text: "Ship the thing." } });
    const refusal = await ask("tools/call", { name: "read_note", arguments: { idd: "plan" } });
    const shown = JSON.parse(/```json\n(\{\n {2}"isError".*?)```/s.exec(read("docs/getting-started.md"))?.[1] ?? "{}");
    shown.structuredContent.error.ref = expect.any(String);
    expect(refusal).toMatchObject(shown);
    child.stdin.end();
    const code = await new Promise((done) => child.once("exit", done));
    expect(code).toBe(0);
  });
});

describe("the audit log alone", () => {
  it("the plain SDK server runs, and its log can be verified", async () => {
    const folder = mkdtempSync(join(tmpdir(), "hardened-mcp-docs-"));
    try {
      const [, code = ""] =
        /^```ts\n\/\/ file: plain-sdk-server.ts\n(.*?)^```/ms.exec(read("docs/audit/standalone.md")) ?? [];
      const modules = join(folder, "node_modules");
      mkdirSync(join(modules, "@hardened-mcp"), { recursive: true });
      symlinkSync(join(ROOT, "packages/audit"), join(modules, "@hardened-mcp/audit"));
      for (const name of ["zod", "@modelcontextprotocol"]) {
        symlinkSync(join(ROOT, "packages/server/node_modules", name), join(modules, name));
      }
      writeFileSync(join(folder, "server.ts"), code);
      writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
      const child = spawn(process.execPath, ["server.ts"], { cwd: folder, stdio: "pipe" });
      const ask = asking(child);
      const clientInfo = { name: "docs", version: "1.0.0" };
      await ask("initialize", { protocolVersion: "2025-06-18", capabilities: {}, clientInfo });
      const answer = await ask("tools/call", { name: "read_note", arguments: { id: "plan" } });
      expect(answer).toMatchObject({ content: [{ text: "note plan" }] });
      child.kill("SIGKILL");
      await new Promise((done) => child.once("exit", done));
      const report = await verifyAuditLog(join(folder, "plain-sdk-audit"));
      expect(report).toMatchObject({ status: "intact", records: 3 });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

/** A client of a few lines, so that what is tested is the page and not a client. */
function asking(child: ChildProcessWithoutNullStreams): (method: string, params: object) => Promise<unknown> {
  const waiting = new Map<number, (result: unknown) => void>();
  createInterface({ input: child.stdout }).on("line", (line) => {
    const { id, result, error } = JSON.parse(line) as { id: number; result?: unknown; error?: unknown };
    waiting.get(id)?.(result ?? error);
  });
  return (method, params) =>
    new Promise((done) => {
      const id = waiting.size + 1;
      waiting.set(id, done);
      child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", id, method, params })}\n`);
    });
}
