import { type EngineFinding, type SchemaJson, validatePolicies } from "../engine.ts";
import type { Finding } from "../finding.ts";
import type { WrittenRule } from "./read-rules.ts";
import { lineAt } from "./split.ts";

/** The engine's own findings, in strict mode. One for each place: for a group it would repeat itself for every tool. */
export function validate(schema: SchemaJson<string>, written: readonly WrittenRule[]): readonly Finding[] {
  const byId = new Map(written.map((one) => [one.rule.id, one]));
  const policies = Object.fromEntries(written.map(({ rule, piece }) => [rule.id, piece.text]));
  const { errors, warnings } = validatePolicies(schema, policies);
  return [
    ...grouped(errors).map(([first, more]) => asFinding("error", "type", byId, first, more)),
    ...grouped(warnings).map(([first]) => asFinding("warning", "unreachable", byId, first, 0)),
  ];
}

function grouped(findings: readonly EngineFinding[]): readonly (readonly [EngineFinding, number])[] {
  const places = Map.groupBy(findings, ({ policy, start }) => JSON.stringify([policy, start]));
  return [...places.values()].flatMap((all) => all.slice(0, 1).map((first) => [first, all.length - 1] as const));
}

function asFinding(
  severity: Finding["severity"],
  code: string,
  byId: ReadonlyMap<string, WrittenRule>,
  { policy, message, help, start }: EngineFinding,
  more: number,
): Finding {
  const found = policy === undefined ? undefined : byId.get(policy);
  const words = message.replace(/^for policy `[^`]*`, /, "");
  return {
    severity,
    file: found?.rule.file ?? "",
    line: found === undefined ? 0 : lineAt(found.piece.text, start, found.piece.textLine),
    policy,
    code,
    message: `${words}${help === undefined ? "" : ` (${help})`}${more === 0 ? "" : `, and the same for ${more} more tools`}.`,
  };
}
