import type { LocalPrincipalOptions } from "@hardened-mcp/auth/principal";
import { createRateLimiter, type RateLimiter, type RateRule } from "@hardened-mcp/limits";
import type { Policy } from "@hardened-mcp/policy";
import { scopePolicy } from "@hardened-mcp/policy/scope-policy";
import { createRedactor, findHidden } from "@hardened-mcp/redact";
import type { Logger } from "pino";
import { noApprover } from "./approval.ts";
import { createFreshness } from "./call/freshness.ts";
import type { Guard } from "./call/guard.ts";
import { createInFlight } from "./call/in-flight.ts";
import { createRates } from "./call/rates.ts";
import { createCatalogue } from "./compile/catalogue.ts";
import { compileLimits } from "./compile/limits.ts";
import { compileLists } from "./compile/lists.ts";
import { describeOperations } from "./compile/manifest.ts";
import { type Offered, offeredResource } from "./compile/offered.ts";
import { compilePrompt } from "./compile/prompt.ts";
import { compileResource } from "./compile/resource.ts";
import { compileTool } from "./compile/tool.ts";
import type { CallLimits } from "./define/call.ts";
import { type Definition, lintDefinitions } from "./define/lint.ts";
import type { ToolDefinition } from "./define/tool.ts";
import type { Effect } from "./effect.ts";
import { ConfigError } from "./errors/config-error.ts";
import { refuseUnknownKeys } from "./errors/known-keys.ts";
import { nearest } from "./errors/nearest.ts";
import { createLog } from "./log.ts";
import { createMetrics } from "./metrics.ts";
import type { Operation } from "./operation.ts";
import { type Dependency, SERVER_LIMIT_KEYS, SERVER_LIMITS, SERVER_OPTIONS, type ServerOptions } from "./options.ts";

/** A server, checked and compiled; `serve` gives it a transport. One definition serves both transports and all revisions. */
export interface GuardedServer {
  readonly name: string;
  readonly version: string;
  readonly instructions: string | undefined;
  readonly guard: Guard;
  readonly log: Logger;
  readonly dependencies: readonly Dependency[];
  /** What it offers, for the protocol's capabilities. */
  readonly offers: { readonly tools: boolean; readonly resources: boolean; readonly prompts: boolean };
  /** Every registered operation, for the start record and for whoever reviews it. */
  readonly operations: readonly Operation[];
  /** Names of the tools that it has and does not offer: their effect is not enabled. */
  readonly off: readonly string[];
  /** The operations, taken apart for a comparison with what was reviewed. */
  readonly offered: readonly Offered[];
  /** Tools by name, as listed and as run, for the `Mcp-Param-*` header check. */
  readonly tools: ReadonlyMap<string, ReturnType<typeof compileTool>>;
  readonly local: LocalPrincipalOptions;
  /** Every scope of the registered definitions. */
  readonly scopes: readonly string[];
  /** What a client is told to ask for first: what reading needs, and no more. */
  readonly initialScopes: readonly string[];
  /** What the metadata lists: the initial scopes, and those that a client may step up to. */
  readonly publishedScopes: readonly string[];
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
  refuseUnknownScopes(options.stepUp ?? [], [...scopes, ...(options.tools ?? []).map((tool) => tool.scope)]);
  // Of what is off, nobody is told: there is nothing to step up to.
  const stepUp = (options.stepUp ?? []).filter((scope) => scopes.includes(scope));
  const bounds = { ...SERVER_LIMITS, ...options.limits };
  const limits = compileLimits(bounds, declaredLimits(tools, [...resources, ...prompts]));
  const compiledTools = tools.map((tool) =>
    compileTool(tool, (effect) => limits.of(effect, tool.limits, `tool ${tool.name}`)),
  );
  const compiledPrompts = prompts.map((prompt) =>
    compilePrompt(prompt, limits.of("read", prompt.limits, `prompt ${prompt.name}`)),
  );
  const compiledResources = resources.map((resource) =>
    compileResource(resource, limits.of("read", resource.limits, `resource ${resource.name}`)),
  );
  const called = [...compiledTools, ...compiledPrompts, ...compiledResources].map((one) => one.operation);
  const policy = policyOf(options.policy ?? scopePolicy({ stepUp }), called);
  const redactor = createRedactor(options.redact);
  const lists = compileLists(
    { tools: compiledTools, prompts: compiledPrompts, resources: compiledResources },
    { policy, redactor },
    () => limits.of("read", {}),
  );
  const reads = called.filter(({ target }) => target.effect === "read");
  const initialScopes = [...new Set(reads.flatMap(({ target }) => target.scope ?? []))];
  const log = options.log ?? createLog(options.name);
  return {
    name: options.name,
    version: options.version,
    instructions: options.instructions,
    guard: {
      catalogue: createCatalogue([...called, ...lists], compiledResources),
      policy,
      freshness: createFreshness(bounds.staleStateMs),
      rates: createRates((options.rateLimiter ?? inMemory)(limits.rules), options.name),
      unknownCharges: limits.unknown,
      approver: options.approver ?? noApprover,
      approvalWaitMs: bounds.approvalWaitMs,
      audit: options.audit,
      redactor,
      markUntrusted: options.markUntrusted ?? false,
      log,
      metrics: createMetrics(),
      inFlight: createInFlight(),
    },
    log,
    dependencies: options.dependencies ?? [],
    offers: { tools: true, resources: resources.length > 0, prompts: prompts.length > 0 },
    operations: called,
    off: (options.tools ?? []).filter((tool) => !enabled.has(tool.effect)).map((tool) => tool.name),
    offered: [...compiledTools, ...compiledPrompts]
      .map((one) => one.offered)
      .concat(compiledResources.map(offeredResource)),
    tools: new Map(compiledTools.map((tool) => [tool.listed.name, tool])),
    local: { scopes, ...options.local },
    scopes,
    initialScopes,
    publishedScopes: [...new Set([...initialScopes, ...stepUp])],
  };
}

function policyOf(policy: NonNullable<ServerOptions["policy"]>, operations: readonly Operation[]): Policy {
  return typeof policy === "function" ? policy(describeOperations(operations)) : policy;
}

const inMemory = (rules: Readonly<Record<string, RateRule>>): RateLimiter => createRateLimiter({ rules });

function declaredLimits(
  tools: readonly ToolDefinition[],
  reads: readonly { readonly limits: CallLimits }[],
): readonly { readonly effect: Effect; readonly limits: CallLimits }[] {
  const effects = tools.flatMap(({ effect, milder, limits }) =>
    [effect, ...milder].map((one) => ({ effect: one, limits })),
  );
  return [...effects, ...reads.map(({ limits }) => ({ effect: "read" as const, limits }))];
}

/** A scope that nothing needs is a misspelt one, and the tool it was meant for would stay out of reach. */
function refuseUnknownScopes(stepUp: readonly string[], scopes: readonly string[]): void {
  const unknown = stepUp.find((scope) => !scopes.includes(scope));
  if (unknown === undefined) return;
  const near = nearest(unknown, scopes);
  throw new ConfigError(
    `stepUp: no definition needs the scope "${unknown}".${near === undefined ? "" : ` Did you mean "${near}"?`}`,
  );
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
