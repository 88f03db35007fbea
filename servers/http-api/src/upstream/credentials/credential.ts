import type { Principal } from "@hardened-mcp/server";

/** A credential as it is put on one request, at the last moment. */
export interface Applied {
  /** Lower-case names. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: { readonly name: string; readonly value: string };
  /** Says which value was used, to {@link Credential.refused}. */
  readonly value: string;
}

/** How one API is told who asks. It knows nothing of requests; only the code that sends one asks for it. */
export interface Credential {
  /**
   * @param signal stops waiting; a token that is being fetched goes on being fetched for others
   * @throws {UpstreamError} `credential`, `no_subject_token`; or the signal's reason
   */
  apply(principal: Principal, signal: AbortSignal): Applied | Promise<Applied>;
  /** The API answered 401 to this one. @returns whether another may be had */
  refused(principal: Principal, used: Applied): boolean;
  /**
   * Whom the API takes the caller for, as far as it can differ between callers with one account: answers to one are never
   * kept for another.
   */
  identity(principal: Principal): string;
  /** Every value in use, in every form it is sent in. The same list for as long as nothing of it changes. */
  secrets(): readonly string[];
  close(): Promise<void>;
}
