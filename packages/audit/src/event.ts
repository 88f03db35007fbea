/** What a tool is declared to do. */
export type AuditEffect = "read" | "write" | "destroy" | "external";

/** Who acted. `subject` and `tenant` come from a verified token, never from arguments. */
export interface AuditActor {
  readonly issuer?: string | undefined;
  readonly subject?: string | undefined;
  readonly client?: string | undefined;
  readonly tenant?: string | undefined;
}

/** A tool as it was offered: `def` is the hash of its definition, so a changed description shows. */
export interface AuditTool {
  readonly name: string;
  readonly def?: string | undefined;
  readonly effect?: AuditEffect | undefined;
}

/** Arguments without their content, as {@link AuditLog.digest} returns them. */
export interface AuditArgs {
  /** HMAC-SHA256 under the log's own key, base64url. Equal values correlate within one log and one epoch only. */
  readonly digest: string;
  /** Length in bytes of the canonical JSON. */
  readonly bytes: number;
  /** Declared name to type and length, such as `string:12`: never a value, never a name that a client made up. */
  readonly shape?: Readonly<Record<string, string>> | undefined;
  /** Fields that the tool's definition marks `plain`, as they were, escaped and cut. */
  readonly plain?: Readonly<Record<string, string | number | boolean>> | undefined;
  /** Fields that it marks `hash`, each digested by itself. */
  readonly hashed?: Readonly<Record<string, string>> | undefined;
}

/** What a record shows of one field of the arguments. `drop`: nothing, also not in the digest. */
export type FieldRule = "plain" | "hash" | "drop";

/** How arguments are recorded; without, there is a digest over all of them and nothing else. */
export interface ArgsRules {
  /** Names that the schema declares at the top level. Only they appear in the shape: others may be a client's text. */
  readonly names?: readonly string[] | undefined;
  readonly fields?: Readonly<Record<string, FieldRule>> | undefined;
}

/** What a step of the call path decided. */
export interface AuditDecision {
  readonly effect: "allow" | "deny" | "approve";
  /** The step of the call path, for example `authorize`. */
  readonly step: string;
  readonly rule?: string | undefined;
  /** The refusal code, for example `denied`. */
  readonly code?: string | undefined;
}

/** How a call ended. */
export interface AuditOutcome {
  /** `ok` or a refusal code. */
  readonly code: string;
  readonly isError: boolean;
  /** Size of the answer in bytes. */
  readonly bytes: number;
  /** Duration in milliseconds. */
  readonly ms: number;
  readonly truncated?: boolean | undefined;
}

/** Flat facts from our own code. Values are escaped and capped all the same. */
export type AuditDetail = Readonly<Record<string, string | number | boolean | undefined>>;

interface Request {
  /** Reference of the request, made by the server and unique within a log; pairs an intent with its outcome. */
  readonly ref: string;
  /** Trace id (W3C). */
  readonly trace?: string | undefined;
  readonly actor?: AuditActor | undefined;
  readonly detail?: AuditDetail | undefined;
}

/** Durable before the side effect. Without a matching outcome, the call's fate is unknown. */
export interface CallIntent extends Request {
  readonly type: "call.intent";
  readonly tool: AuditTool;
  readonly args: AuditArgs;
  readonly decision: AuditDecision;
}

/** Durable before the answer leaves. */
export interface CallOutcome extends Request {
  readonly type: "call.outcome";
  readonly tool: AuditTool;
  readonly outcome: AuditOutcome;
}

/** A call refused before it ran: `decision` names the step and the code. */
export interface CallRefused extends Request {
  readonly type: "call.refused";
  readonly tool?: AuditTool | undefined;
  readonly args?: AuditArgs | undefined;
  readonly decision: AuditDecision;
}

/** An HTTP request or a line refused before it was a call; and a caller who could not prove who they are. */
export interface EntryRefused extends Request {
  readonly type: "entry.rejected" | "auth.failed";
  readonly decision: AuditDecision;
}

/** A person is asked, answers, is too late; and their yes is used up by the call it was for. */
export interface ApprovalEvent extends Request {
  readonly type: "approval.requested" | "approval.decided" | "approval.consumed" | "approval.expired";
  readonly tool: AuditTool;
  readonly args?: AuditArgs | undefined;
  readonly decision?: AuditDecision | undefined;
}

/** A server came up. Recorded as `detail`: one `tool.NAME` entry for each tool, with effect and definition hash. */
export interface ServerStarted {
  readonly type: "server.started";
  readonly version: string;
  readonly transport: "stdio" | "http";
  /** Digest of the effective configuration. */
  readonly config: string;
  /** The `--dangerously-…` flags in force. */
  readonly weakening: readonly string[];
  readonly tools: readonly AuditTool[];
}

/** Anything else in a server's life. */
export interface LifeEvent {
  readonly type: "server.stopped" | "config.loaded" | "weakening" | "state.changed" | "switch.changed";
  readonly detail?: AuditDetail | undefined;
}

/**
 * A tool is not what it was at the last start of this log, or not what was reviewed: `detail.was` is the old hash, `detail.change`
 * what happened.
 */
export interface ToolChanged {
  readonly type: "tool.changed";
  readonly tool: AuditTool;
  readonly detail: {
    readonly change: "added" | "removed" | "changed";
    readonly was?: string | undefined;
    /** What it was compared with. Default: the last start. */
    readonly against?: "tools.lock" | undefined;
    /** Of what was reviewed: a tool, a prompt or a resource. */
    readonly kind?: "tool" | "prompt" | "resource" | undefined;
    /** Of what was reviewed: the parts that are others, such as `description, effect read -> write`. */
    readonly parts?: string | undefined;
  };
}

/** Everything a server may record. `log.…` records are written by the log itself. */
export type AuditEvent =
  | CallIntent
  | CallOutcome
  | CallRefused
  | EntryRefused
  | ApprovalEvent
  | ServerStarted
  | ToolChanged
  | LifeEvent;

/** The log's own records; docs/audit/format.md has what is in their details. */
export interface LogEvent {
  readonly type:
    | "log.opened"
    | "log.recovered"
    | "log.segment"
    | "log.pruned"
    | "log.key_rotated"
    | "log.unsigned"
    | "log.signed"
    | "log.digest_key"
    | "log.digest_key_destroyed"
    | "log.clock_stepped"
    | "log.stopped";
  readonly detail?: AuditDetail | undefined;
}

/** A call of an earlier run whose fate nobody knows: it was to happen, and no outcome followed. */
export interface LogUnfinished {
  readonly type: "log.unfinished";
  readonly ref: string;
  readonly tool?: AuditTool | undefined;
  readonly detail: { readonly intent: number };
}

/** What the log writes by itself. */
export type OwnEvent = LogEvent | LogUnfinished;
