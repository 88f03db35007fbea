import { type Explanation, type Gap, gaps } from "./gap.ts";
import type { RunId } from "./runs.ts";

const SESSIONFUL = ["0.1.16", "2025-11-25"] as const;
const MODERN = ["2026-07-28"] as const;
const REAL_MODERN = ["filesystem 2026-07-28", "database 2026-07-28", "http-api 2026-07-28"] as const;
const EVERY_MODERN = [...MODERN, ...REAL_MODERN] as const;

/** Everything in which our servers fall short of the suite. An entry that is not needed fails the run. */
export const BASELINE: readonly Explanation[] = [
  {
    feature: "sampling and elicitation, up to 2025-11-25",
    standing: "decided",
    reason:
      "The server would have to send the client a request of its own. Over HTTP each request is served by itself, and there is no stream to send it on.",
    decision:
      "No sessions: a process holds nothing between calls that another replica would need. Sampling is off by default and deprecated in 2026-07-28.",
    gaps: gaps(SESSIONFUL, {
      "tools-call-sampling": ["tools-call-sampling"],
      "tools-call-elicitation": ["tools-call-elicitation"],
      "elicitation-sep1034-defaults": ["elicitation-sep1034-general"],
      "elicitation-sep1330-enums": ["elicitation-sep1330-general"],
    }),
  },
  {
    feature: "input-required results, 2026-07-28",
    standing: "planned",
    reason:
      "A handler has no way to reach the transport, so no tool or prompt can answer with a question to the client.",
    decision:
      "Asking a person is a step of the call path and comes with the approval package, with sealed request state; until then `approval_required` is the answer.",
    gaps: [
      ...gaps(MODERN, {
        "input-required-result-basic-elicitation": ["sep-2322-elicitation-incomplete"],
        "input-required-result-basic-sampling": ["sep-2322-sampling-incomplete"],
        "input-required-result-basic-list-roots": ["sep-2322-list-roots-incomplete"],
        "input-required-result-request-state": ["sep-2322-request-state-incomplete"],
        "input-required-result-multiple-input-requests": ["sep-2322-multiple-inputs-incomplete"],
        "input-required-result-multi-round": ["sep-2322-multi-round-r1"],
        "input-required-result-missing-input-response": ["sep-2322-missing-response-rerequests"],
        "input-required-result-non-tool-request": ["sep-2322-non-tool-incomplete"],
        "input-required-result-result-type": ["sep-2322-result-type-included"],
        "input-required-result-tampered-state": ["sep-2322-reject-tampered-state"],
        "input-required-result-capability-check": ["sep-2322-respect-client-capabilities"],
        "input-required-result-ignore-extra-params": ["sep-2322-ignore-unexpected-params"],
      }),
      ...gaps(EVERY_MODERN, {
        "server-stateless": ["sep-2575-server-rejects-undeclared-capability", "sep-2575-missing-capability-http-400"],
      }),
    ],
  },
  {
    feature: "MCP logging",
    standing: "decided",
    reason: "No log message is sent to the client, and the capability is not declared.",
    decision: "Deprecated in 2026-07-28, therefore off. Standard error is the operator's log.",
    gaps: gaps(SESSIONFUL, {
      "logging-set-level": ["logging-set-level"],
      "tools-call-with-logging": ["tools-call-with-logging"],
    }),
  },
  {
    feature: "completion",
    standing: "decided",
    reason: "Arguments are not completed, and the capability is not declared.",
    decision:
      "A suggestion tells which names exist; it would need the access control and rate limit of the call it completes.",
    gaps: gaps([...SESSIONFUL, ...MODERN], { "completion-complete": ["completion-complete"] }),
  },
  {
    feature: "resource subscriptions",
    standing: "decided",
    reason: "No change of a resource is announced, and the capability is declared as absent.",
    decision: "A stream that stays open would outlive the token and the policy that allowed it.",
    gaps: gaps(SESSIONFUL, {
      "resources-subscribe": ["resources-subscribe"],
      "resources-unsubscribe": ["resources-unsubscribe"],
    }),
  },
  {
    feature: "sessions and resumable streams, up to 2025-11-25",
    standing: "decided",
    reason:
      "No session id is given, so the scenarios only warn that one is recommended. A broken stream is a lost request.",
    decision: "No sessions, see above; 2026-07-28 has removed sessions and resumption altogether.",
    gaps: [
      ...gaps(SESSIONFUL, { "server-sse-multiple-streams": ["server-sse-multiple-streams-session"] }),
      ...gaps(["2025-11-25"], {
        "server-sse-polling": ["server-sse-polling-session", "server-sse-priming-event", "server-sse-retry-field"],
      }),
    ],
  },
  {
    feature: "tasks extension (not scored)",
    standing: "decided",
    reason:
      "`io.modelcontextprotocol/tasks` is an optional extension that SDK 2.4.0 does not have and we do not declare.",
    decision: "A task outlives its call, and with it the call's deadline, principal and audit record.",
    gaps: gaps(MODERN, {
      "tasks-lifecycle": [],
      "tasks-capability-negotiation": [],
      "tasks-wire-fields": [],
      "tasks-request-state-removal": [],
      "tasks-mrtr-input": [],
      "tasks-request-headers": [],
      "tasks-dispatch-and-envelope": [],
      "tasks-required-task-error": [],
      "tasks-mrtr-composition": [],
    }),
  },
  {
    feature: "checks that call a fixture's tool, on real servers",
    standing: "untestable",
    reason:
      "The two checks call `test_streaming_elicitation` and `test_logging_tool`, which no real server has. The fixture passes both.",
    decision: "No test tool is put into a server that people run.",
    gaps: gaps(REAL_MODERN, {
      "server-stateless": [
        "sep-2575-http-server-no-independent-requests-on-stream",
        "sep-2575-server-no-log-without-loglevel",
      ],
    }),
  },
  {
    feature: "lists of what a server does not have",
    standing: "decided",
    reason:
      "The scenario asks for prompts and resources whether or not they are declared (conformance issue 516); the filesystem server has no prompts, the HTTP API server neither, and they answer `-32601`. The fixture passes it.",
    decision: "What is not offered has no methods.",
    gaps: [
      ...gaps(["filesystem 2026-07-28", "http-api 2026-07-28"], {
        caching: ["sep-2549-prompts-list-caching-hints"],
      }),
      ...gaps(["http-api 2026-07-28"], {
        caching: ["sep-2549-resources-list-caching-hints", "sep-2549-resources-templates-list-caching-hints"],
      }),
    ],
  },
];

/** The entries that concern one run. */
export function gapsOf(run: RunId): readonly Gap[] {
  return BASELINE.flatMap((explanation) => explanation.gaps).filter((gap) => gap.runs.includes(run));
}
