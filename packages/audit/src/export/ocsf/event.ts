import type { AuditRecord } from "../audit-record.ts";

/** The release of the OCSF schema that events are written to. */
export const OCSF_VERSION = "1.8.0";

/** An event of class API Activity, as far as our records fill it. Names and numbers are those of the OCSF schema. */
export interface OcsfEvent {
  readonly activity_id: 0 | 2 | 3 | 4 | 99;
  readonly activity_name: string;
  readonly category_uid: 6;
  readonly category_name: "Application Activity";
  readonly class_uid: 6003;
  readonly class_name: "API Activity";
  readonly type_uid: number;
  readonly type_name: string;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly severity_id: 0 | 1 | 2 | 3 | 4;
  readonly severity: string;
  readonly status_id: 0 | 1 | 2 | 99;
  readonly status: string;
  readonly status_code?: string;
  readonly message: string;
  /** Milliseconds. */
  readonly duration?: number;
  readonly actor: OcsfActor;
  readonly api: {
    readonly operation: string;
    readonly service: { readonly name: string };
    readonly request?: { readonly uid: string };
    readonly response?: { readonly error: string };
  };
  readonly src_endpoint: { readonly ip: string } | { readonly name: string } | { readonly svc_name: string };
  readonly resources?: readonly OcsfResource[];
  readonly trace?: { readonly uid: string };
  readonly action_id?: 1 | 2 | 99;
  readonly action?: string;
  readonly disposition_id?: 1 | 2 | 8 | 14 | 25 | 26;
  readonly disposition?: string;
  readonly policy?: { readonly name: string; readonly is_applied: true };
  readonly metadata: OcsfMetadata;
  /** What the schema has no place for, by the names of our own records. */
  readonly unmapped: { readonly mcp: OcsfUnmapped };
}

export interface OcsfActor {
  readonly user?: { readonly uid: string } | { readonly name: string };
  readonly idp?: { readonly uid: string };
  readonly app_uid?: string;
  readonly app_name?: string;
}

export interface OcsfResource {
  readonly name: string;
  readonly type: "MCP tool";
  readonly version?: string;
  readonly role_id: 1;
  readonly role: "Target";
}

export interface OcsfMetadata {
  readonly version: typeof OCSF_VERSION;
  readonly product: { readonly name: "hardened-mcp"; readonly vendor_name: "hardened-mcp" };
  readonly uid: string;
  readonly event_code: string;
  readonly log_name: string;
  readonly log_version: "1";
  readonly sequence: number;
  readonly original_time: string;
  readonly correlation_uid?: string;
  readonly tenant_uid?: string;
  readonly profiles?: readonly ("trace" | "security_control")[];
}

export interface OcsfUnmapped extends Pick<AuditRecord, "mono" | "args" | "decision" | "outcome" | "detail"> {
  readonly effect?: string;
  readonly prev: string;
  readonly hash: string;
}
