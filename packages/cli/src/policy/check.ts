import { checkPolicies, type Finding, formatFinding } from "@hardened-mcp/policy/cedar";
import type { Command } from "../command.ts";
import { exit } from "../exit.ts";
import { asciiJson, printable } from "../printable.ts";
import { located } from "./located.ts";
import { manifestsOf } from "./manifests.ts";
import { POLICY_HELP, POLICY_OPTIONS, policyPath } from "./options.ts";

export const policyCheck: Command = {
  help: `Reads policies as a server does at its start, holds them against what the servers offer, and looks for rules that
are too broad, unreachable or shadowed. One line for each: file:line: severity code: message.

${POLICY_HELP}  --strict         warnings count as errors

Exit code: 0 nothing, or warnings only; 1 errors, with --strict warnings too; 64 wrong command line; 78 a --manifest
that is none.
`,
  options: { ...POLICY_OPTIONS, strict: { type: "boolean" } },
  async run(flags, out) {
    const path = policyPath(flags);
    const found = checkPolicies(path, { manifests: await manifestsOf(flags) });
    const findings = found.map((finding) => located(path, finding));
    const errors = findings.filter(({ severity }) => severity === "error").length;
    const warnings = findings.length - errors;
    out.write(flags.given("json") ? asciiJson({ errors, warnings, findings: findings.map(plain) }) : text(findings));
    return errors > 0 || (warnings > 0 && flags.given("strict")) ? exit.failure : exit.ok;
  },
};

function plain({ severity, file, line, policy, code, message }: Finding): object {
  return { severity, file, line, policy: policy ?? null, code, message };
}

function text(findings: readonly Finding[]): string {
  if (findings.length === 0) return "nothing found\n";
  return findings.map((finding) => `${printable(formatFinding(finding))}\n`).join("");
}
