/** A tool's answer, as far as tests look at it. */
export interface Answer {
  readonly isError?: boolean;
  readonly structuredContent?: { readonly error?: { readonly code: string } } & Readonly<Record<string, unknown>>;
  readonly content: readonly { readonly type: string; readonly text?: string }[];
}

/** The public code of a refusal. `undefined`: it is none. */
export function codeOf({ structuredContent }: Answer): string | undefined {
  return structuredContent?.error?.code;
}

/** A real client, connected to a server that is a process of its own. */
export interface Session {
  /** Rejects where there is no such tool. */
  call(name: string, args?: Readonly<Record<string, unknown>>): Promise<Answer>;
  toolNames(): Promise<readonly string[]>;
  readResource(uri: string): Promise<string>;
  /** Every resource that is listed, over all pages. */
  resourceUris(): Promise<readonly string[]>;
}

/** `new`: the newest revision that both sides speak. `old`: a client that speaks revision 2025-11-25 and no newer one. */
export type Generation = "new" | "old";
