import { CallError } from "@hardened-mcp/server";

/**
 * Stops a call because of one of its arguments.
 *
 * @param why ends the sentence "The argument NAME …"; in our words, nothing of the value
 * @param rule fixed word for the audit record
 * @throws {CallError} `invalid_input`
 */
export function refuseArgument(argument: string, why: string, rule: string): never {
  throw new CallError("invalid_input", `The argument ${argument} ${why}`, { rule: `request/${rule}@${argument}` });
}
