import type { Explanation, Rule } from "@hardened-mcp/policy/cedar";
import { printable, printableLines } from "../printable.ts";
import { located } from "./located.ts";

/** The call that was explained. */
export interface ExplainedCall {
  readonly as: string;
  readonly server: string;
  readonly method: string;
  readonly name: string;
  /** Whether the caller has the scope of the operation; without it nothing else counts. */
  readonly hasScope: boolean;
}

const SAYS = { allow: "may", approve: "may, after a human has said yes,", deny: "may not" } as const;

/** An explanation for people: the decision first, then the rules that made it, then what others missed. */
export function describeExplanation(path: string, call: ExplainedCall, explanation: Explanation): string {
  const { decision, listed, operation, determining, missed } = explanation;
  const { effect, rule, message, missingScopes = [] } = decision;
  return [
    printable(`${effect}: ${call.as} ${SAYS[effect]} ${verb(call.method)} ${call.name} of ${call.server}`),
    printable(`  by ${rule}`),
    listed ? "  listed: the caller sees it" : "  not listed: to the caller it does not exist",
    printable(
      `  its effect is ${operation.effect}, its scope ${operation.scope}, which the caller ${call.hasScope ? "has" : "does not have"}`,
    ),
    ...(missingScopes.length > 0
      ? [printable(`  with more scopes it would be a yes: ${missingScopes.join(" ")}`)]
      : []),
    ...(message === undefined ? [] : [printable(`  the client is told: ${message}`)]),
    ...(determining.length > 0 ? ["", "decided by"] : []),
    ...determining.flatMap((one) => [`  ${place(path, one)}`, ...indented(one.text)]),
    ...(missed.length > 0 ? ["", "permits that did not hold"] : []),
    ...missed.flatMap((one) => [`  ${place(path, one.rule)}`, ...indented(one.because)]),
    "",
  ].join("\n");
}

/** An explanation for scripts. */
export function plainExplanation(path: string, call: ExplainedCall, explanation: Explanation): object {
  const { decision, listed, operation, determining, missed } = explanation;
  const { effect, scope, needsApproval } = operation;
  return {
    ...call,
    decision: decision.effect,
    rule: decision.rule,
    missingScopes: decision.missingScopes ?? [],
    message: decision.message ?? null,
    listed,
    operation: { effect, scope, needsApproval },
    determining: determining.map((rule) => ({ ...plainRule(path, rule), text: rule.text.trim() })),
    missed: missed.map(({ rule, because }) => ({ ...plainRule(path, rule), because })),
  };
}

function plainRule(path: string, rule: Rule) {
  const { id, effect, file, line } = located(path, rule);
  return { id, effect, file, line };
}

function verb(method: string): string {
  if (method === "prompts/get") return "get the prompt";
  return method === "resources/read" ? "read the resource" : "call";
}

function place(path: string, rule: Rule): string {
  const { id, effect, file, line } = plainRule(path, rule);
  return printable(`${file}:${line}: ${effect} ${id}`);
}

function indented(text: string): readonly string[] {
  return printableLines(text.trim()).map((line) => `    ${line}`);
}
