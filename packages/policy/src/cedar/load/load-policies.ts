import type { Principal } from "@hardened-mcp/auth/principal";
import type { ServerManifest } from "../../manifest/manifest.ts";
import { refuseUnknownKeys } from "../../text/known-keys.ts";
import type { SchemaJson } from "../engine.ts";
import { type Finding, PolicyError } from "../finding.ts";
import { cedarSchema } from "../schema/cedar-schema.ts";
import { buildVocabulary, type Vocabulary } from "../schema/vocabulary.ts";
import { type PolicySource, readFiles } from "./read-files.ts";
import { readManifests, readPrincipals } from "./read-json.ts";
import { readRules, type WrittenRule } from "./read-rules.ts";
import type { Rule } from "./rule.ts";
import { validate } from "./validate.ts";

/** Policies that have been parsed and hold against the schema of every server they speak of. */
export interface LoadedPolicies {
  readonly rules: readonly Rule[];
  /** Every server and operation that policies may name. */
  readonly vocabulary: Vocabulary;
  /** Callers named in `principals.json`, for explanations only; `undefined`: there is no such file. */
  readonly principals: ReadonlyMap<string, Principal> | undefined;
  /** The generated Cedar schema, in its JSON form. */
  readonly schema: SchemaJson<string>;
  /** What was found that keeps nothing from starting. */
  readonly warnings: readonly Finding[];
}

/** Options of {@link loadPolicies}. */
export interface LoadOptions {
  /** Live manifests. They win over files: a server always uses its own. */
  readonly manifests: readonly ServerManifest[];
}

/** What was read: `policies` is `undefined` where a finding is an error. */
export interface PolicyReading {
  readonly policies: LoadedPolicies | undefined;
  readonly findings: readonly Finding[];
}

/** Most policies of all files together. */
const MAX_POLICIES = 2_000;

/**
 * Reads policies and holds them against what they speak of, strictly.
 *
 * @param source a `.cedar` file, a folder, or files by name. A folder holds `*.cedar`, `*.manifest.json` of the other
 * servers it is for, and `principals.json` for explanations; anything else in it is an error
 * @throws {PolicyError} whatever is wrong, all at once, by file and line: text that is no Cedar, a server without a
 * manifest, an unknown tool, argument or annotation, a comparison of unlike types, a file without a policy, a file or
 * folder that every user may write to
 */
export function loadPolicies(source: PolicySource, options: LoadOptions): LoadedPolicies {
  const { policies, findings } = readPolicies(source, options);
  if (policies === undefined) throw new PolicyError(findings.filter((one) => one.severity === "error"));
  return policies;
}

/** {@link loadPolicies} that reports instead of throwing. */
export function readPolicies(source: PolicySource, options: LoadOptions): PolicyReading {
  refuseUnknownKeys("loadPolicies", options, { manifests: true });
  const { manifests } = options;
  const findings: Finding[] = [];
  const report = (file: string, code: string, message: string, severity: Finding["severity"] = "error"): void => {
    findings.push({ severity, file, line: 0, policy: undefined, code, message });
  };
  const files = readFiles(source, report);
  const texts = files.filter(({ kind }) => kind === "policies");
  if (texts.length === 0 && !hasErrors(findings)) {
    const where = typeof source === "string" ? source : "policies";
    report(where, "no-policies", "There is no .cedar file here, so nothing would be allowed.");
  }
  const principals = readPrincipals(files, findings);
  const vocabulary = vocabularyOf([...manifests, ...readManifests(files, manifests, findings)], report);
  if (vocabulary === undefined) return { policies: undefined, findings };

  const written = texts.flatMap((file) => {
    const before = findings.length;
    const rules = readRules(file, vocabulary, findings);
    if (rules.length === 0 && findings.length === before) {
      // Cut short by a full disk, or commented out for a moment: the forbid that stood in it is missed by nobody.
      report(file.name, "no-policies", "There is no policy in it, only comments or nothing. Write one, or remove it.");
    }
    return rules;
  });
  if (written.length > MAX_POLICIES) report("policies", "too-large", `There are more than ${MAX_POLICIES} policies.`);
  refuseTwins(written, findings);
  const schema = cedarSchema(vocabulary);
  findings.push(...validate(schema, written));
  if (hasErrors(findings)) return { policies: undefined, findings };
  const rules = written.map(({ rule }) => rule);
  return { policies: { rules, vocabulary, principals, schema, warnings: findings }, findings };
}

function hasErrors(findings: readonly Finding[]): boolean {
  return findings.some(({ severity }) => severity === "error");
}

function vocabularyOf(
  manifests: readonly ServerManifest[],
  report: (file: string, code: string, message: string) => void,
): Vocabulary | undefined {
  try {
    return buildVocabulary(manifests);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    report("manifests", "manifest", error.message);
    return undefined;
  }
}

/** Two policies of one id: an audit record could not tell which of them decided. */
function refuseTwins(written: readonly WrittenRule[], findings: Finding[]): void {
  const first = new Map<string, WrittenRule["rule"]>();
  for (const { rule } of written) {
    const twin = first.get(rule.id);
    first.set(rule.id, twin ?? rule);
    if (twin === undefined) continue;
    findings.push({
      severity: "error",
      file: rule.file,
      line: rule.line,
      policy: rule.id,
      code: "id-twice",
      message: `"${rule.id}" is the id of the policy at ${twin.file}:${twin.line} already. Give one an @id of its own.`,
    });
  }
}
