import type { CommandRow } from "./command.ts";

/** Every command of the binary. A new one is one more row; nothing of it is loaded before it is called. */
export const commands: readonly CommandRow[] = [
  {
    name: "audit verify",
    usage:
      "DIR [--pub KEY|FILE]... [--anchor SEQ:HASH|FILE]... [--max-unsigned N] [--max-unsigned-for DURATION] [--json]",
    summary: "check an audit log from its first record to its last",
    load: async () => (await import("./audit/verify.ts")).auditVerify,
  },
  {
    name: "audit prove",
    usage: "DIR SEQ [--pub KEY|FILE]... [--from FILE] [--json]",
    summary: "prove that one record stands in a log",
    load: async () => (await import("./audit/prove.ts")).auditProve,
  },
  {
    name: "audit check-proof",
    usage: "FILE|- --pub KEY|FILE... [--json]",
    summary: "check such a proof, without the log",
    load: async () => (await import("./audit/check-proof.ts")).auditCheckProof,
  },
  {
    name: "audit stats",
    usage: "DIR [--since TIME] [--until TIME] [--json]",
    summary: "count what is in an audit log",
    load: async () => (await import("./audit/stats.ts")).auditStats,
  },
  {
    name: "audit rotate-key",
    usage: "DIR [--old-key FILE | --old-command FILE] [--new-key FILE | --new-command FILE] [--server NAME] [--json]",
    summary: "go over to another key that signs the log",
    load: async () => (await import("./audit/rotate-key.ts")).auditRotateKey,
  },
  {
    name: "audit export",
    usage: "DIR --format jsonl|csv|ocsf [--out FILE] [--since TIME] [--until TIME] [--type TYPE]... [--from SEQ]",
    summary: "an audit log for another program: lines, a spreadsheet, OCSF events",
    load: async () => (await import("./audit/export.ts")).auditExport,
  },
  {
    name: "audit tail",
    usage: "DIR [-n N] [-f|--follow] [--type TYPE]... [--tool NAME] [--errors] [--json]",
    summary: "what happened last, and what happens now, for people",
    load: async () => (await import("./audit/tail.ts")).auditTail,
  },
  {
    name: "audit ship",
    usage: "DIR --config FILE [--once [--timeout MS]] [--json]",
    summary: "send an audit log to collectors, and its checkpoints to anchors",
    load: async () => (await import("./audit/ship.ts")).auditShip,
  },
  {
    name: "policy check",
    usage: "PATH [--manifest FILE]... [--strict] [--json]",
    summary: "hold policies against the servers they speak of",
    load: async () => (await import("./policy/check.ts")).policyCheck,
  },
  {
    name: "policy explain",
    usage:
      "PATH --as NAME|role:ROLE --tool NAME [--server NAME] [--method METHOD] [--args FILE|-] [--at TIME] [--step-up SCOPE]... [--manifest FILE]... [--json]",
    summary: "what one call would get, and by which rules",
    load: async () => (await import("./policy/explain.ts")).policyExplain,
  },
  {
    name: "policy matrix",
    usage: "PATH [--server NAME]... [--format table|csv|markdown] [--step-up SCOPE]... [--manifest FILE]... [--json]",
    summary: "every caller by every tool",
    load: async () => (await import("./policy/matrix.ts")).policyMatrixCommand,
  },
  {
    name: "switches list",
    usage: "--state URL [--json]",
    summary: "what is switched off",
    load: async () => (await import("./switches/list.ts")).switchesList,
  },
  {
    name: "switches set",
    usage:
      "--state URL (--tool NAME [--server NAME] | --client ID | --subject ID --issuer URL | --read-only) --why TEXT [--for DURATION] [--json]",
    summary: "switch off a tool, a client, a subject, or all writing, without a restart",
    load: async () => (await import("./switches/set.ts")).switchesSet,
  },
  {
    name: "switches clear",
    usage: "--state URL (--tool NAME [--server NAME] | --client ID | --subject ID --issuer URL | --read-only) [--json]",
    summary: "switch it on again",
    load: async () => (await import("./switches/clear.ts")).switchesClear,
  },
  {
    name: "revocations list",
    usage: "--state URL [--json]",
    summary: "which tokens are no longer good",
    load: async () => (await import("./revocations/list.ts")).revocationsList,
  },
  {
    name: "revocations add",
    usage: "--state URL (--token JTI | --subject ID | --client ID) --issuer URL --why TEXT [--for DURATION] [--json]",
    summary: "make a token, or all tokens of a subject or client, no longer good",
    load: async () => (await import("./revocations/add.ts")).revocationsAdd,
  },
  {
    name: "api-key create",
    usage:
      "--subject ID --scope SCOPE... [--role ROLE]... [--client ID] [--tenant ID] [--expires TIME] [--id ID] [--json]",
    summary: "make a key for a machine without an identity provider",
    load: async () => (await import("./api-key/create.ts")).apiKeyCreate,
  },
];
