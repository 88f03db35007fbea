/** What was found in a policy folder, by file and line. */
export interface Finding {
  /** An `error` keeps the server from starting. */
  readonly severity: "error" | "warning";
  /** Path as given, or below the folder given. */
  readonly file: string;
  /** From 1; 0 where the file as a whole is meant. */
  readonly line: number;
  /** Id of the policy, where one is meant. */
  readonly policy: string | undefined;
  /** Stable word for scripts, such as `unknown-tool`. */
  readonly code: string;
  readonly message: string;
}

/** `policy.cedar:12: error unknown-tool: ...`, the form editors jump to. */
export function formatFinding({ severity, file, line, code, message }: Finding): string {
  return `${line === 0 ? file : `${file}:${line}`}: ${severity} ${code}: ${message}`;
}

/** The policies are not fit to decide anything. For the operator; `findings` has every reason, the message too. */
export class PolicyError extends Error {
  override readonly name = "PolicyError";
  readonly findings: readonly Finding[];

  constructor(findings: readonly Finding[]) {
    super(["The policies cannot be used:", ...findings.map(formatFinding)].join("\n"));
    this.findings = findings;
  }
}
