import { execFile, execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Principal } from "@hardened-mcp/auth";
import {
  defaultPolicy,
  type Policy,
  type PolicyTarget,
  parseManifest,
  type ServerManifest,
} from "@hardened-mcp/policy";
import { createCedarPolicy, loadPolicies } from "@hardened-mcp/policy/cedar";
import { median, shown, table } from "../lib/measure.ts";

const ROUNDS = 7;
const STARTS = 5;
const SIZES = [10, 100, 1_000] as const;
const ARGS = { path: "/projects/0/notes.txt" };

/** What each question is asked of, and how often in a round. */
const QUESTIONS = {
  /** The roles and scopes settle it, so that it is remembered for this caller. */
  settled: { calls: 200_000, tool: "list_directory", args: { path: "/projects/0" }, known: true },
  /** The rules look at the path, so that the engine is asked each time. */
  open: { calls: 1_000, tool: "read_text_file", args: ARGS, known: true },
  /** Somebody of whom nothing is remembered. */
  first: { calls: 500, tool: "list_directory", args: { path: "/projects/0" }, known: false },
} as const;
type Question = keyof typeof QUESTIONS;

/** Time of one decision: by scopes alone, and by Cedar with ever more policies. */
export async function benchPolicy(): Promise<string> {
  const manifest = filesystemManifest();
  const folder = mkdtempSync(join(tmpdir(), "bench-policy-"));
  try {
    writeFileSync(join(folder, "manifest.json"), JSON.stringify(manifest));
    const subjects: Subject[] = [{ name: SCOPES_ALONE, policy: defaultPolicy, file: undefined }];
    for (const size of SIZES) {
      const file = join(folder, `${size}.cedar`);
      writeFileSync(file, policiesText(size));
      const policies = loadPolicies(file, { manifests: [manifest] });
      const policy = createCedarPolicy({ policies, server: manifest.server });
      subjects.push({ name: `Cedar, ${size.toLocaleString("en")} policies`, policy, file });
    }
    return report(measure(subjects, targetsOf(manifest)), await measureStarts(subjects, folder), manifest);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Subject {
  readonly name: string;
  readonly policy: Policy;
  readonly file: string | undefined;
}

const SCOPES_ALONE = "scopes alone (no file)";

function filesystemManifest(): ServerManifest {
  const cli = fileURLToPath(new URL("./cli.js", import.meta.resolve("@hardened-mcp/filesystem")));
  return parseManifest(JSON.parse(execFileSync(process.execPath, [cli, "--print-manifest"], { encoding: "utf8" })));
}

/** Each role lists, and reads below a folder of its own; every fifth policy forbids something to everybody. */
function policiesText(count: number): string {
  const one = (at: number): string => {
    const role = Math.floor(at / 5);
    switch (at % 5) {
      case 0:
        return `permit (principal in Role::"role-${role}", action == filesystem::Action::"list_directory", resource);`;
      case 1:
        return `permit (principal in Role::"role-${role}", action == filesystem::Action::"read_text_file", resource) when { context.args.path like "/projects/${role}/*" };`;
      case 2:
        return `permit (principal in Role::"role-${role}", action == filesystem::Action::"search_files", resource);`;
      case 3:
        return `permit (principal == Principal::"https://idp.example#user-${at}", action in Action::"read", resource == Server::"filesystem");`;
      default:
        return `forbid (principal, action == filesystem::Action::"read_text_file", resource) when { context.args.path like "*/secret-${at}/*" };`;
    }
  };
  return Array.from({ length: count }, (_, at) => `@id("rule-${at}") ${one(at)}`).join("\n");
}

function targetsOf(manifest: ServerManifest): readonly PolicyTarget[] {
  return manifest.operations.map(({ method, name, effect, scope, needsApproval }) => ({
    method,
    name,
    effect,
    scope,
    needsApproval,
  }));
}

function caller(subject: string, targets: readonly PolicyTarget[]): Principal {
  const scopes = new Set(targets.flatMap(({ scope }) => scope ?? []));
  return { issuer: "https://idp.example", subject, scopes, roles: ["role-0"], assurance: "token" };
}

type Times = Record<Question | "list", number[]>;

/** Microseconds; subjects in turn. */
function measure(subjects: readonly Subject[], targets: readonly PolicyTarget[]): ReadonlyMap<string, Times> {
  const known = caller("alice", targets);
  const times = new Map<string, Times>(
    subjects.map(({ name }) => [name, { settled: [], open: [], first: [], list: [] }]),
  );
  let strangers = 0;
  for (let round = 0; round < ROUNDS; round++) {
    for (const { name, policy } of subjects) {
      for (const [question, { calls, tool, args, known: isKnown }] of Object.entries(QUESTIONS)) {
        const target = targets.find((one) => one.name === tool);
        if (target === undefined) throw new Error(`the filesystem server has no ${tool}`);
        const callers = Array.from({ length: isKnown ? 1 : calls }, () =>
          isKnown ? known : caller(`stranger-${strangers++}`, targets),
        );
        const time = timeOf(calls, (at) => {
          const decision = policy.decide(callers[at % callers.length] ?? known, target, args);
          if (!("effect" in decision) || decision.effect !== "allow") throw new Error(`${name} does not allow ${tool}`);
        });
        times.get(name)?.[question as Question].push(time);
      }
      const list = timeOf(20_000, () => targets.filter((target) => policy.visible(known, target)).length);
      times.get(name)?.list.push(list);
    }
  }
  return times;
}

function timeOf(calls: number, work: (at: number) => void): number {
  const from = performance.now();
  for (let at = 0; at < calls; at++) work(at);
  return ((performance.now() - from) * 1000) / calls;
}

interface Start {
  readonly engineMs: number;
  readonly policiesMs: number;
}

/** In processes of their own: the engine is loaded once in a process. */
async function measureStarts(subjects: readonly Subject[], folder: string): Promise<ReadonlyMap<string, Start>> {
  const script = fileURLToPath(new URL("../servers/policy-load.js", import.meta.url));
  const starts = new Map<string, Start[]>();
  for (let round = 0; round < STARTS; round++) {
    for (const { name, file } of subjects) {
      if (file === undefined) continue;
      const { stdout } = await promisify(execFile)(process.execPath, [script, file, join(folder, "manifest.json")]);
      starts.set(name, [...(starts.get(name) ?? []), JSON.parse(stdout) as Start]);
    }
  }
  return new Map(
    [...starts].map(([name, all]) => [
      name,
      {
        engineMs: median(all.map(({ engineMs }) => engineMs)),
        policiesMs: median(all.map(({ policiesMs }) => policiesMs)),
      },
    ]),
  );
}

function report(
  times: ReadonlyMap<string, Times>,
  starts: ReadonlyMap<string, Start>,
  { operations }: ServerManifest,
): string {
  const rows = [...times].map(([name, { settled, open, first, list }]) => {
    const start = starts.get(name);
    return [
      name,
      `${shown(median(settled) * 1000)} ns`,
      `${shown(median(open))} µs`,
      `${shown(median(first))} µs`,
      `${shown(median(list))} µs`,
      start === undefined ? "none" : `${shown(start.engineMs)} ms + ${shown(start.policiesMs)} ms`,
    ];
  });
  return [
    "### May they",
    "",
    `One decision, in process. Target: at most 10 µs where it is remembered. The rules are for the ${operations.length} tools of the filesystem server.`,
    "",
    table(
      [
        "",
        "remembered",
        "arguments decide",
        "first of a caller",
        `which of ${operations.length} tools are visible`,
        "start: engine + policies",
      ],
      rows,
    ),
  ].join("\n");
}
