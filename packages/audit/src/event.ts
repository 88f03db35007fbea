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

/** Arguments without their content: what {@link AuditLog.digest} returns, and optionally their shape. */
export interface AuditArgs {
  /** HMAC-SHA256 under the log's own key, base64url. Equal values correlate within one log only. */
  readonly digest: string;
  /** Length in bytes of the canonical JSON. */
  readonly bytes: number;
  /** Names of types and lengths, never values. */
  readonly shape?: string | undefined;
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

/** Reserved for the approval flow. */
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

/** Everything a server may record. `log.…` records are written by the log itself. */
export type AuditEvent =
  | CallIntent
  | CallOutcome
  | CallRefused
  | EntryRefused
  | ApprovalEvent
  | ServerStarted
  | LifeEvent;

/** The log's own records. */
export interface LogEvent {
  readonly type: "log.opened" | "log.recovered" | "log.stopped";
  readonly detail?: AuditDetail | undefined;
}
