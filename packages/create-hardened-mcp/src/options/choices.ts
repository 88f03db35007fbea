/** One question about the new project: how it is asked, what may be answered, and what each answer means. */
export interface Choice<Value extends string = string> {
  readonly question: string;
  readonly values: Readonly<Record<Value, string>>;
}

/** What can be chosen. The help, the prompts and the checks all read this table. */
export const CHOICES = {
  template: {
    question: "What does the server offer?",
    values: {
      minimal: "two tools over a file of notes; the shortest start",
      filesystem: "files below one folder",
      database: "rows of a SQL database",
      "http-api": "a web API of yours",
    },
  },
  transport: {
    question: "How do clients reach it?",
    values: {
      stdio: "a client on this machine starts it",
      http: "over HTTP",
      both: "stdio here, HTTP elsewhere",
    },
  },
  auth: {
    question: "How do callers over HTTP prove who they are?",
    values: {
      none: "not at all; this machine only",
      jwt: "access tokens of an issuer whose keys you name",
      oauth: "OAuth 2.1: the authorization server is discovered, metadata is published",
      "api-key": "one key, made now",
    },
  },
  state: {
    question: "Where is state kept that outlives a process?",
    values: {
      sqlite: "a file; one machine",
      postgres: "PostgreSQL; many replicas",
      redis: "Redis or Valkey; many replicas",
    },
  },
  pm: {
    question: "Which package manager?",
    values: { npm: "", pnpm: "", yarn: "", bun: "" },
  },
} as const satisfies Readonly<Record<string, Choice>>;

export type ChoiceName = keyof typeof CHOICES;

/** What was chosen. */
export type Chosen = { readonly [Name in ChoiceName]: keyof (typeof CHOICES)[Name]["values"] };

export const CHOICE_NAMES = Object.keys(CHOICES) as readonly ChoiceName[];

/** The answers that `name` may have. */
export function valuesOf(name: ChoiceName): readonly string[] {
  return Object.keys(CHOICES[name].values);
}

/** The templates' scopes: what reading needs, and what writing needs. */
export const SCOPES: Readonly<Record<Chosen["template"], { readonly read: string; readonly write: string }>> = {
  minimal: { read: "notes:read", write: "notes:write" },
  filesystem: { read: "files:read", write: "files:write" },
  database: { read: "orders:read", write: "orders:write" },
  "http-api": { read: "orders:read", write: "orders:write" },
};
