/** One public error: everything a caller may ever learn about why a call was not carried out. */
export interface ErrorRow {
  /** What happened, in the words a client sees when the raiser gives no nearer ones. */
  readonly message: string;
  /** Whether the same call may succeed later without being changed. */
  readonly retryable: boolean;
  /** JSON-RPC code where the method's answer has no error form of its own (resources, prompts, lists). */
  readonly rpc: number;
  /** Section of the documentation that explains it. */
  readonly docs: string;
}

const docs = (code: string): string => `docs/errors.md#${code}`;

/** Every code a client can receive. `docs/errors.md` has a section for each; a test reads that page. */
export const ERRORS = {
  invalid_input: {
    message: "The arguments are not valid.",
    retryable: false,
    rpc: -32602,
    docs: docs("invalid_input"),
  },
  not_found: { message: "There is nothing by that name.", retryable: false, rpc: -32602, docs: docs("not_found") },
  denied: { message: "This is not allowed.", retryable: false, rpc: -32602, docs: docs("denied") },
  approval_required: {
    message: "A person has to approve this call first. Nothing was done.",
    retryable: true,
    rpc: -32000,
    docs: docs("approval_required"),
  },
  rate_limited: {
    message: "Too many calls. Wait, then try again.",
    retryable: true,
    rpc: -32000,
    docs: docs("rate_limited"),
  },
  too_large: {
    message: "The request or its answer is too large.",
    retryable: false,
    rpc: -32000,
    docs: docs("too_large"),
  },
  timeout: {
    message: "The call took longer than its deadline and was stopped.",
    retryable: true,
    rpc: -32000,
    docs: docs("timeout"),
  },
  cancelled: { message: "The call was cancelled.", retryable: true, rpc: -32000, docs: docs("cancelled") },
  conflict: {
    message: "The state has changed since it was read.",
    retryable: false,
    rpc: -32000,
    docs: docs("conflict"),
  },
  unavailable: {
    message: "Something this server needs is away. Nothing was done.",
    retryable: true,
    rpc: -32603,
    docs: docs("unavailable"),
  },
  internal: {
    message: "Something went wrong inside the server. Give its operator the reference.",
    retryable: false,
    rpc: -32603,
    docs: docs("internal"),
  },
} as const satisfies Readonly<Record<string, ErrorRow>>;

/** A public error code. */
export type ErrorCode = keyof typeof ERRORS;

/** Every public error code, in table order. */
export const ERROR_CODES = Object.keys(ERRORS) as readonly ErrorCode[];
