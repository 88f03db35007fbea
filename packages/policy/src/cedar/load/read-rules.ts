import { basename } from "node:path";
import { countPolicies, isEngineFinding, parseErrors, parsePolicy } from "../engine.ts";
import type { Finding } from "../finding.ts";
import type { Vocabulary } from "../schema/vocabulary.ts";
import { readAnnotations } from "./annotations.ts";
import { findUnknownAttributes } from "./attributes.ts";
import type { SourceFile } from "./read-files.ts";
import { coverageOf, findUnknownNames, type Problem } from "./references.ts";
import type { Rule } from "./rule.ts";
import { lineAt, MAX_NESTING, MAX_POLICY_LENGTH, type Piece, splitPolicies } from "./split.ts";

/**
 * Control and format characters. What a reviewer sees must be what the engine reads: an override of the writing direction
 * puts a condition into what looks like a comment (CVE-2021-42574).
 */
const HIDDEN = /[[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]--[\t\n\r]]|\r(?!\n)/v;

/** A rule with the text it was parsed from. */
export interface WrittenRule {
  readonly rule: Rule;
  readonly piece: Piece;
}

/** The policies of one file. What is wrong with them joins `findings`. */
export function readRules(file: SourceFile, vocabulary: Vocabulary, findings: Finding[]): readonly WrittenRule[] {
  const report = (line: number, code: string, message: string, policy?: string): undefined =>
    void findings.push({ severity: "error", file: file.name, line, policy, code, message });

  const { pieces, nesting } = splitPolicies(file.text);
  const long = pieces.find(({ text }) => text.length > MAX_POLICY_LENGTH);
  if (long !== undefined)
    report(long.line, "too-large", `A policy is longer than ${MAX_POLICY_LENGTH} characters. Divide it.`);
  if (nesting > MAX_NESTING) report(0, "too-large", `Brackets are more than ${MAX_NESTING} deep. Divide the policy.`);
  if (long !== undefined || nesting > MAX_NESTING) return [];

  const hidden = HIDDEN.exec(file.text);
  if (hidden !== null) {
    const code = hidden[0].codePointAt(0)?.toString(16).toUpperCase().padStart(4, "0");
    const line = file.text.slice(0, hidden.index).split("\n").length;
    report(
      line,
      "hidden-character",
      `U+${code} shows as nothing, or turns text around. Remove it, or write \\u{${code}} in a text.`,
    );
    return [];
  }
  const errors = parseErrors(file.text);
  for (const { message, help, start } of errors) {
    report(lineAt(file.text, start), "syntax", help === undefined ? message : `${message} (${help})`);
  }
  if (errors.length > 0) return [];
  if (countPolicies(file.text) !== pieces.length) {
    report(0, "syntax", "The policies of this file cannot be told apart. Give each a line of its own.");
    return [];
  }
  return pieces.map((piece) => readRule(file, piece, vocabulary, report)).filter((one) => one !== undefined);
}

function readRule(
  file: SourceFile,
  piece: Piece,
  vocabulary: Vocabulary,
  report: (line: number, code: string, message: string, policy?: string) => undefined,
): WrittenRule | undefined {
  const { text, line } = piece;
  const ast = parsePolicy(text);
  if (isEngineFinding(ast)) return report(line, "syntax", ast.message);
  const annotations = readAnnotations(ast);
  if ("problem" in annotations) return report(line, "annotation", annotations.problem);
  const id = annotations.id ?? `${basename(file.name)}:${line}`;
  const covers = coverageOf(ast, vocabulary);
  const names = findUnknownNames(ast, vocabulary);
  // Attributes of tools that are not there would only repeat what has been said.
  const problems = names.length > 0 ? names : findUnknownAttributes(ast, covers);
  for (const { code, message, near } of problems) report(lineOf(piece, near), code, message, id);
  if (problems.length > 0) return undefined;
  const rule: Rule = {
    id,
    file: file.name,
    line,
    text: withoutComments(text),
    effect: ast.effect,
    approval: annotations.approval,
    ast,
    covers,
  };
  return { rule, piece };
}

/** The line a problem's words stand in; for the reader only. */
function lineOf({ text, textLine, line }: Piece, near: Problem["near"]): number {
  const at = text.lastIndexOf(near);
  return at === -1 ? line : lineAt(text, Buffer.byteLength(text.slice(0, at)), textLine);
}

/** Without the comments and empty lines before the policy: they belong to what came before as often as to it. */
function withoutComments(text: string): string {
  return text.replace(/^(?:\s+|\/\/[^\n]*)+/u, "").trimEnd();
}
