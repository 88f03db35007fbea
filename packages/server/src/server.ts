import type { LocalPrincipalOptions } from "@hardened-mcp/auth/principal";
import { scopePolicy } from "@hardened-mcp/policy";
import { createRedactor, findHidden } from "@hardened-mcp/redact";
import type { Logger } from "pino";
import { noApprover } from "./approval.ts";
import type { Guard } from "./call/guard.ts";
import { createInFlight } from "./call/in-flight.ts";
import { createCatalogue } from "./compile/catalogue.ts";
import { createLimitsFactory } from "./compile/limits.ts";
import { compileLists } from "./compile/lists.ts";
import { compilePrompt } from "./compile/prompt.ts";
import { compileResource } from "./compile/resource.ts";
import { compileTool } from "./compile/tool.ts";
import type { CallLimits } from "./define/call.ts";
import { type Definition, lintDefinitions } from "./define/lint.ts";
import { EFFECT_RULES, type Effect } from "./effect.ts";
import { ConfigError } from "./errors/config-error.ts";
import { refuseUnknownKeys } from "./errors/known-keys.ts";
import { createLog } from "./log.ts";
import { createMetrics } from "./metrics.ts";
import type { Operation } from "./operation.ts";
import { SERVER_LIMIT_KEYS, SERVER_LIMITS, SERVER_OPTIONS, type ServerOptions } from "./options.ts";

/** A server, checked and compiled; `serve` gives it a transport. One definition serves both transports and all revisions. */
export interface GuardedServer {
  readonly name: string;
  readonly version: string;
  readonly instructions: string | undefined;
  readonly guard: Guard;
  readonly log: Logger;
  /** What it offers, for the protocol's capabilities. */
  readonly offers: { readonly tools: boolean; readonly resources: boolean; readonly prompts: boolean };
  /** Every registered operation, for the start record and for whoever reviews it. */
  readonly operations: readonly Operation[];
  /** Tools by name, as listed and as run, for the `Mcp-Param-*` header check. */
  readonly tools: ReadonlyMap<string, ReturnType<typeof compileTool>>;
  readonly local: LocalPrincipalOptions;
  /** Every scope of the registered definitions. */
  readonly scopes: readonly string[];
}

/**
 * Checks and compiles a server. Nothing listens and nothing runs yet.
 *
 * @throws {ConfigError} a definition is not fit to be served; the message lists every finding, one a line
 */
export function createServer(options: ServerOptions): GuardedServer {
  refuseUnknownKeys("createServer", options, SERVER_OPTIONS);
  refuseUnknownKeys("limits", options.limits, SERVER_LIMIT_KEYS);
  const enabled = new Set<Effect>(["read", ...(options.enable ?? [])]);
  const tools = (options.tools ?? []).filter((tool) => enabled.has(tool.effect));
  const resources = options.resources ?? [];
  const prompts = options.prompts ?? [];
  // Tools that are not enabled are held to the same standard: enabling one later must not be a surprise.
  refuseUnfit([...(options.tools ?? []), ...resources, ...prompts], options.instructions);

  const scopes = [...new Set([...tools, ...resources, ...prompts].map((one) => one.scope))];
  const policy = options.policy ?? scopePolicy({ stepUp: options.stepUp ?? [] });
  const limits = createLimitsFactory(
    { ...SERVER_LIMITS, ...options.limits },
    declaredLimits(tools, [...resources, ...prompts]),
  );
  const compiledTools = tools.map((tool) => compileTool(tool, limits(tool.effect, tool.limits)));
  const compiledPrompts = prompts.map((prompt) => compilePrompt(prompt, limits("read", prompt.limits)));
  const compiledResources = resources.map((resource) => compileResource(resource, limits("read", resource.limits)));
  const lists = compileLists(
    { tools: compiledTools, prompts: compiledPrompts, resources: compiledResources },
    policy,
    () => limits("read", LIST_LIMITS),
  );
  const operations = [...compiledTools, ...compiledPrompts, ...compiledResources].map((one) => one.operation);
  const log = options.log ?? createLog(options.name);
  return {
    name: options.name,
    version: options.version,
    instructions: options.instructions,
    guard: {
      catalogue: createCatalogue([...operations, ...lists], compiledResources),
      policy,
      approver: options.approver ?? noApprover,
      approvalWaitMs: options.limits?.approvalWaitMs ?? SERVER_LIMITS.approvalWaitMs,
      audit: options.audit,
      redactor: createRedactor(options.redact),
      markUntrusted: options.markUntrusted ?? false,
      log,
      metrics: createMetrics(),
      inFlight: createInFlight(),
    },
    log,
    offers: { tools: true, resources: resources.length > 0, prompts: prompts.length > 0 },
    operations,
    tools: new Map(compiledTools.map((tool) => [tool.listed.name, tool])),
    local: { scopes, ...options.local },
    scopes,
  };
}

const LIST_LIMITS: CallLimits = { callsPerMinute: EFFECT_RULES.read.callsPerMinute };

function declaredLimits(
  tools: readonly { readonly effect: Effect; readonly limits: CallLimits }[],
  reads: readonly { readonly limits: CallLimits }[],
): readonly { readonly effect: Effect; readonly limits: CallLimits }[] {
  return [
    ...tools,
    ...reads.map(({ limits }) => ({ effect: "read" as const, limits })),
    { effect: "read", limits: LIST_LIMITS },
  ];
}

function refuseUnfit(definitions: readonly Definition[], instructions: string | undefined): void {
  const problems = [...lintDefinitions(definitions)];
  if (instructions !== undefined && findHidden(instructions).length > 0)
    problems.push("instructions: hidden characters");
  if (problems.length === 0) return;
  throw new ConfigError(
    `The server does not start, because its definitions are not fit to be served:\n- ${problems.join("\n- ")}`,
  );
}
