import { refuseUnknownKeys } from "../errors/known-keys.ts";
import type { AuditMarks } from "./audit-marks.ts";
import type { Call, CallLimits, ErrorCatalogue } from "./call.ts";
import type { ResourceContents } from "./content.ts";

/** One entry of a resource list (spec: server/resources). */
export interface ListedResource {
  readonly uri: string;
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
  readonly mimeType?: string;
  readonly size?: number;
}

/** A page of a resource list; `nextCursor` only when there is more. */
export interface ResourcePage {
  readonly resources: readonly ListedResource[];
  readonly nextCursor?: string;
}

/** A resource, or a family of them, as its author writes it. Reading one is a `read`; there are no writable resources. */
export interface ResourceSpec<Errors extends ErrorCatalogue> {
  /** 1 to 64 of `[a-z0-9_]`, starting with a letter. Stands in the audit log as the operation's name. */
  readonly name: string;
  readonly description: string;
  readonly scope: string;
  /**
   * A URI, or a template with `{variable}` (one segment) and, at its end, `{+rest}` (everything that follows). Matched in
   * linear time; RFC 6570's other operators are refused at start (CVE-2026-0621).
   */
  readonly uri: string;
  /**
   * Whether `uri` is the one spelling of what it names; policies compare text. Needed where `read` decodes or resolves
   * what it is given (a path, a host): `/public/../private/b` and `/%70rivate/b` pass a rule about the text `/private/`.
   *
   * Asked after the server's own rule: the form in which WHATWG URL writes it, hex digits in upper case, no unreserved
   * character encoded (RFC 3986, 6.2.2). `false`, and a throw, answer like a URI that does not exist. Default: no more
   * than the server's rule.
   */
  isCanonical?(uri: string): boolean;
  readonly mimeType?: string;
  readonly errors?: Errors;
  readonly limits?: CallLimits;
  /** What audit records show of the variables of `uri`. Default: nothing. */
  readonly audit?: AuditMarks;
  readonly untrusted?: boolean;
  /** Lists the members of a family, each by its one spelling: no other can be read. A fixed URI lists itself. */
  list?(cursor: string | undefined, call: Call<keyof Errors & string>): Promise<ResourcePage> | ResourcePage;
  read(
    request: { readonly uri: string; readonly variables: Readonly<Record<string, string>> },
    call: Call<keyof Errors & string>,
  ): Promise<readonly ResourceContents[]> | readonly ResourceContents[];
}

const RESOURCE_KEYS: Readonly<Record<keyof ResourceSpec<ErrorCatalogue>, true>> = {
  name: true,
  description: true,
  scope: true,
  uri: true,
  isCanonical: true,
  mimeType: true,
  errors: true,
  limits: true,
  audit: true,
  untrusted: true,
  list: true,
  read: true,
};

/** A resource ready for `createServer`. */
export interface ResourceDefinition {
  readonly kind: "resource";
  readonly name: string;
  readonly description: string;
  readonly scope: string;
  readonly uri: string;
  readonly isCanonical: (uri: string) => boolean;
  readonly mimeType: string | undefined;
  readonly errors: ErrorCatalogue;
  readonly limits: CallLimits;
  readonly audit: AuditMarks;
  readonly untrusted: boolean;
  readonly list: ((cursor: string | undefined, call: Call) => Promise<ResourcePage> | ResourcePage) | undefined;
  readonly read: (
    request: { readonly uri: string; readonly variables: Readonly<Record<string, string>> },
    call: Call,
  ) => Promise<readonly ResourceContents[]> | readonly ResourceContents[];
}

/** Declares a resource or a family of resources. */
export function defineResource<const Errors extends ErrorCatalogue = Record<never, never>>(
  spec: ResourceSpec<Errors>,
): ResourceDefinition {
  refuseUnknownKeys(`resource ${JSON.stringify(spec.name)}`, spec, RESOURCE_KEYS);
  return Object.freeze({
    kind: "resource" as const,
    name: spec.name,
    description: spec.description,
    scope: spec.scope,
    uri: spec.uri,
    isCanonical: (uri) => spec.isCanonical?.(uri) ?? true,
    mimeType: spec.mimeType,
    errors: spec.errors ?? {},
    limits: spec.limits ?? {},
    audit: spec.audit ?? {},
    untrusted: spec.untrusted ?? true,
    list: spec.list === undefined ? undefined : (cursor, call) => spec.list?.(cursor, call) ?? { resources: [] },
    read: (request, call) => spec.read(request, call),
  } satisfies ResourceDefinition);
}
