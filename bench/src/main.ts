import { readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { benchAudit } from "./suites/audit.ts";
import { benchAuth } from "./suites/auth.ts";
import { benchCallPath } from "./suites/call-path.ts";
import { benchCreate } from "./suites/create.ts";
import { benchDatabase } from "./suites/database.ts";
import { benchFilesystem } from "./suites/filesystem.ts";
import { benchHttp } from "./suites/http.ts";
import { benchHttpApi } from "./suites/http-api.ts";
import { benchKeys } from "./suites/keys.ts";
import { benchLimits } from "./suites/limits.ts";
import { benchPolicy } from "./suites/policy.ts";
import { benchSafeFetch } from "./suites/safe-fetch.ts";
import { benchState } from "./suites/state.ts";
import { benchStdio } from "./suites/stdio.ts";

const SUITES = {
  path: benchCallPath,
  http: benchHttp,
  stdio: benchStdio,
  filesystem: benchFilesystem,
  database: benchDatabase,
  "http-api": benchHttpApi,
  "safe-fetch": benchSafeFetch,
  auth: benchAuth,
  keys: benchKeys,
  policy: benchPolicy,
  limits: benchLimits,
  state: benchState,
  audit: benchAudit,
  create: benchCreate,
} as const;
const BEGIN = "<!-- bench: begin -->";
const END = "<!-- bench: end -->";
const SECTION = /\n\n(?=### )/;

const asked = process.argv.slice(2).filter((argument) => argument !== "--write" && argument !== "--");
const names =
  asked.length === 0 ? (Object.keys(SUITES) as (keyof typeof SUITES)[]) : (asked as (keyof typeof SUITES)[]);
const unknown = names.filter((name) => !(name in SUITES));
if (unknown.length > 0) {
  console.error(`No such suite: ${unknown.join(", ")}. Suites: ${Object.keys(SUITES).join(", ")}.`);
  process.exit(64);
}

const machine = `Node ${process.versions.node}, ${availableParallelism()} cores, ${process.platform} ${process.arch}.`;
const sections: string[] = [];
for (const name of names) {
  const section = await SUITES[name]();
  console.log(`\n${section}`);
  sections.push(section);
}
if (process.argv.includes("--write")) {
  const page = new URL("../../docs/performance.md", import.meta.url);
  const text = readFileSync(page, "utf8");
  const [from, to] = [text.indexOf(BEGIN) + BEGIN.length, text.indexOf(END)];
  // What was not measured this time stays as it is.
  const [, ...written] = text.slice(from, to).trim().split(SECTION);
  const byHeading = new Map([...written, ...sections].map((section) => [section.split("\n", 1)[0], section]));
  const tables = [machine, ...byHeading.values()].join("\n\n");
  writeFileSync(page, `${text.slice(0, from)}\n\n${tables}\n\n${text.slice(to)}`);
}
