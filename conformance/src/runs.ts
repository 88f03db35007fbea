/** Names of the runs, as baseline entries refer to them. */
export type RunId =
  | "0.1.16"
  | "2025-11-25"
  | "2026-07-28"
  | "filesystem 2025-11-25"
  | "filesystem 2026-07-28"
  | "database 2025-11-25"
  | "database 2026-07-28"
  | "http-api 2025-11-25"
  | "http-api 2026-07-28";

/** One run of the suite: which release of it, against which server, and what is asked of the server. */
export interface Run {
  readonly id: RunId;
  readonly title: string;
  readonly target: "fixture" | "filesystem" | "database" | "http-api";
  /** The dependency that holds the suite; two releases are installed side by side. */
  readonly suite: "conformance-0.1" | "conformance-0.2";
  /** Arguments of each invocation: one for a whole set, or one per scenario, since the suite takes no list. */
  readonly selections: readonly (readonly string[])[];
}

/** Milliseconds one invocation may take. A whole set takes about two seconds; a hung server must not hang the build. */
export const INVOCATION_TIMEOUT_MS = 120_000;

/** Scenarios that need nothing of a server but the protocol, and so fit any server. */
const FIXTURE_FREE: Readonly<Record<"2025-11-25" | "2026-07-28", readonly string[]>> = {
  "2025-11-25": ["server-initialize", "ping", "tools-list", "dns-rebinding-protection"],
  "2026-07-28": [
    "server-stateless",
    "tools-list",
    "caching",
    "dns-rebinding-protection",
    "http-header-validation",
    "server-sse-multiple-streams",
    "input-required-result-unsupported-methods",
  ],
};

const single = (revision: keyof typeof FIXTURE_FREE): Run["selections"] =>
  FIXTURE_FREE[revision].map((scenario) => ["--spec-version", revision, "--scenario", scenario]);

export const RUNS: readonly Run[] = [
  {
    id: "0.1.16",
    title: "fixture, suite 0.1.16, its default set",
    target: "fixture",
    suite: "conformance-0.1",
    selections: [[]],
  },
  {
    id: "2025-11-25",
    title: "fixture, suite 0.2.0-alpha.12, requirements 2025-11-25",
    target: "fixture",
    suite: "conformance-0.2",
    selections: [["--requirements", "2025-11-25"]],
  },
  {
    id: "2026-07-28",
    title: "fixture, suite 0.2.0-alpha.12, requirements 2026-07-28",
    target: "fixture",
    suite: "conformance-0.2",
    selections: [["--requirements", "2026-07-28"]],
  },
  {
    id: "filesystem 2025-11-25",
    title: "filesystem server, suite 0.2.0-alpha.12, fixture-free scenarios at 2025-11-25",
    target: "filesystem",
    suite: "conformance-0.2",
    selections: single("2025-11-25"),
  },
  {
    id: "filesystem 2026-07-28",
    title: "filesystem server, suite 0.2.0-alpha.12, fixture-free scenarios at 2026-07-28",
    target: "filesystem",
    suite: "conformance-0.2",
    selections: single("2026-07-28"),
  },
  {
    id: "database 2025-11-25",
    title: "database server, suite 0.2.0-alpha.12, fixture-free scenarios at 2025-11-25",
    target: "database",
    suite: "conformance-0.2",
    selections: single("2025-11-25"),
  },
  {
    id: "database 2026-07-28",
    title: "database server, suite 0.2.0-alpha.12, fixture-free scenarios at 2026-07-28",
    target: "database",
    suite: "conformance-0.2",
    selections: single("2026-07-28"),
  },
  {
    id: "http-api 2025-11-25",
    title: "HTTP API server, suite 0.2.0-alpha.12, fixture-free scenarios at 2025-11-25",
    target: "http-api",
    suite: "conformance-0.2",
    selections: single("2025-11-25"),
  },
  {
    id: "http-api 2026-07-28",
    title: "HTTP API server, suite 0.2.0-alpha.12, fixture-free scenarios at 2026-07-28",
    target: "http-api",
    suite: "conformance-0.2",
    selections: single("2026-07-28"),
  },
];
