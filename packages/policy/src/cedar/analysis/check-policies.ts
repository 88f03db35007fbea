import type { Finding } from "../finding.ts";
import type { LoadedPolicies, LoadOptions } from "../load/load-policies.ts";
import { readPolicies } from "../load/load-policies.ts";
import type { PolicySource } from "../load/read-files.ts";
import { LINTS } from "./lints.ts";

/**
 * Everything there is to say about policies: what keeps a server from starting (errors), and what a reviewer should look at
 * twice (warnings). In the order of files and lines.
 */
export function checkPolicies(source: PolicySource, options: LoadOptions): readonly Finding[] {
  const { policies, findings } = readPolicies(source, options);
  const all = policies === undefined ? findings : [...findings, ...lintPolicies(policies)];
  return all.toSorted((a, b) => a.file.localeCompare(b.file) || a.line - b.line || a.code.localeCompare(b.code));
}

/** What a reviewer should look at twice in policies that are otherwise sound. */
export function lintPolicies(policies: LoadedPolicies): readonly Finding[] {
  return policies.rules.flatMap((rule) =>
    LINTS.flatMap(({ code, check }): Finding[] => {
      const message = check(rule, policies);
      const { id, file, line } = rule;
      return message === undefined ? [] : [{ severity: "warning", file, line, policy: id, code, message }];
    }),
  );
}
