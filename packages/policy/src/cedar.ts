export { checkPolicies, lintPolicies } from "./cedar/analysis/check-policies.ts";
export {
  type ExplainRequest,
  type Explanation,
  explainDecision,
  namedPrincipal,
} from "./cedar/analysis/explain-decision.ts";
export {
  type Matrix,
  type MatrixCell,
  type MatrixOptions,
  type MatrixRow,
  type Outcome,
  policyMatrix,
  roleCallers,
} from "./cedar/analysis/matrix.ts";
export { type MatrixFormat, renderMatrix } from "./cedar/analysis/render-matrix.ts";
export { type CedarPolicy, type CedarPolicyOptions, createCedarPolicy } from "./cedar/decide/cedar-policy.ts";
export type { Standing } from "./cedar/decide/standing.ts";
export type { Verdict } from "./cedar/decide/verdict.ts";
export { printSchema } from "./cedar/engine.ts";
export { type Finding, formatFinding, PolicyError } from "./cedar/finding.ts";
export {
  type LoadedPolicies,
  type LoadOptions,
  loadPolicies,
  type PolicyReading,
  readPolicies,
} from "./cedar/load/load-policies.ts";
export type { PolicySource } from "./cedar/load/read-files.ts";
export type { Approval, Rule } from "./cedar/load/rule.ts";
