import { explainDecision, type LoadedPolicies } from "@hardened-mcp/policy/cedar";
import type { Command } from "../command.ts";
import { exit, UsageError } from "../exit.ts";
import type { Flags } from "../flags.ts";
import { oneOfValues } from "../input/choice.ts";
import { instantFlag } from "../input/instant.ts";
import { readInput } from "../input/read-input.ts";
import { parseUniqueJson } from "../input/unique-json.ts";
import { asciiJson } from "../printable.ts";
import { callerOf } from "./caller.ts";
import { describeExplanation, plainExplanation } from "./describe.ts";
import { asUsage, loadedPolicies } from "./load.ts";
import { POLICY_HELP, POLICY_OPTIONS, policyPath } from "./options.ts";

const METHODS = ["tools/call", "prompts/get", "resources/read"] as const;

export const policyExplain: Command = {
  help: `Says what one call would get and why, by the very code that decides: the decision, whether the caller sees the
tool, the rules that made it, and of every permit that did not hold the first thing it missed.

${POLICY_HELP}  --as NAME        a caller of principals.json; or role:NAME, a caller with this role and every scope
  --tool NAME      the tool; with --method, the prompt or resource
  --server NAME    default: the only one there is a manifest of
  --method METHOD  tools/call (default), prompts/get, resources/read
  --args FILE      the arguments as a JSON object; - is standard input. Default: {}. They are not held against the
                   tool's own schema, and its defaults are not filled in
  --at TIME        when, such as 2027-01-31T09:00:00Z; default: now. Rules see the time in UTC, as servers do
  --step-up SCOPE  a scope that clients may come back with, as in the server's stepUp

Exit code: 0 whatever the decision is, which --json says in "decision"; 64 wrong command line; 78 policies that cannot
be used. Switches and revocations are not looked at.
`,
  options: {
    ...POLICY_OPTIONS,
    as: { type: "string" },
    tool: { type: "string" },
    server: { type: "string" },
    method: { type: "string" },
    args: { type: "string" },
    at: { type: "string" },
    "step-up": { type: "string", multiple: true },
  },
  async run(flags, out) {
    const [as, name] = [flags.required("as"), flags.required("tool")];
    const method = oneOfValues(flags, "method", METHODS, "tools/call");
    const at = instantFlag(flags, "at");
    const policies = await loadedPolicies(flags);
    const args = await argsOf(flags);
    const call = { as, server: serverOf(flags, policies), method, name };
    const options = { stepUp: flags.values("step-up"), ...(at === undefined ? {} : { now: at }) };
    const [caller, explanation] = asUsage(() => {
      const principal = callerOf(policies, as);
      return [principal, explainDecision({ ...call, ...options, policies, as: principal, args })] as const;
    });
    const path = policyPath(flags);
    const explained = { ...call, hasScope: caller.scopes.has(explanation.operation.scope) };
    out.write(
      flags.given("json")
        ? asciiJson(plainExplanation(path, explained, explanation))
        : describeExplanation(path, explained, explanation),
    );
    return exit.ok;
  },
};

function serverOf(flags: Flags, { vocabulary }: LoadedPolicies): string {
  if (flags.given("server")) return flags.required("server");
  const [only, ...more] = vocabulary.servers.keys();
  if (only === undefined) throw new UsageError("there is no manifest of any server; name one with --manifest");
  if (more.length > 0) throw new UsageError(`--server is needed: ${[only, ...more].join(", ")}`);
  return only;
}

async function argsOf(flags: Flags): Promise<unknown> {
  const file = flags.value("args");
  if (file === undefined) return {};
  const args = parseUniqueJson(await readInput(file, "--args"));
  if (args === undefined) throw new UsageError("--args is no JSON object, or has a key twice");
  return args;
}
