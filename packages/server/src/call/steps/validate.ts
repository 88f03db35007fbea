import type { z } from "zod";
import { refuse } from "../../errors/call-error.ts";
import { nearest } from "../../errors/nearest.ts";
import type { Operation } from "../../operation.ts";
import type { CallState } from "../state.ts";

const MAX_ISSUES = 5;
/** No space and no `@`, which have a meaning in a record. */
const PLAIN_WORD = /^[A-Za-z][\w-]{0,63}$/;

/** Is the input exactly right? What comes back is the parsed value; the raw one goes no further. */
export function validate(call: CallState, operation: Operation, args: unknown): unknown {
  call.step = "validate";
  const parsed = operation.input.safeParse(args ?? {});
  if (parsed.success) {
    call.operation = operation;
    call.args = parsed.data;
    return parsed.data;
  }
  const { issues } = parsed.error;
  refuse("invalid_input", `The arguments are not valid. ${describeIssues(issues, operation.keys)}`, {
    rule: issues
      .slice(0, MAX_ISSUES)
      .map((issue) => ruleOf(issue, operation.keys))
      .join(" "),
  });
}

/** Which rule of the schema it was, at which declared argument: `too_big@text`. What is not declared is a client's text. */
function ruleOf(issue: z.core.$ZodIssue, keys: readonly string[]): string {
  const [first] = issue.path;
  const rule = ruleWord(issue);
  return keys.includes(first as string) ? `${rule}@${String(first)}` : rule;
}

/** A `jsonSchemaPart` says which rule it was in a word of its own. */
function ruleWord(issue: z.core.$ZodIssue): string {
  const rule = issue.code === "custom" ? issue.params?.["rule"] : undefined;
  return typeof rule === "string" && PLAIN_WORD.test(rule) ? rule : issue.code;
}

/** At most five issues in words; names argument names, never their values. */
function describeIssues(issues: readonly z.core.$ZodIssue[], keys: readonly string[]): string {
  const lines = issues.slice(0, MAX_ISSUES).map((issue) => {
    if (issue.code === "unrecognized_keys") return describeUnknown(issue.keys, issue.path, keys);
    const at = pathOf(issue.path);
    return `${at === "" ? "" : `"${at}": `}${issue.message}.`;
  });
  if (issues.length > MAX_ISSUES) lines.push(`And ${issues.length - MAX_ISSUES} more.`);
  return lines.join(" ");
}

function describeUnknown(unknown: readonly string[], path: readonly PropertyKey[], keys: readonly string[]): string {
  const at = pathOf(path);
  return unknown
    .slice(0, MAX_ISSUES)
    .map((key) => {
      const near = path.length === 0 ? nearest(key, keys) : undefined;
      const hint = near === undefined ? "" : ` Did you mean "${near}"?`;
      return `Unknown argument "${shown(at === "" ? key : `${at}.${key}`)}".${hint}`;
    })
    .join(" ");
}

function pathOf(path: readonly PropertyKey[]): string {
  return shown(path.map(String).join("."));
}

/** A client's own key, safe to repeat: cut short, printable ASCII only (CWE-117). */
function shown(text: string): string {
  return text.slice(0, 64).replaceAll(/[^\x20-\x7e]|["\\]/g, "?");
}
