export type { Authenticated, AuthenticationFailure, Authenticator } from "@hardened-mcp/auth";
export type { Principal } from "@hardened-mcp/auth/principal";
export type { Decision, ManifestOperation, Policy, PolicyTarget } from "@hardened-mcp/policy";
export { defaultPolicy, type ScopePolicyOptions, scopePolicy } from "@hardened-mcp/policy/scope-policy";
export type { ApprovalAnswer, ApprovalRequest, Approver } from "./approval.ts";
export type { PublicError } from "./call/answer.ts";
export type { AuditSink } from "./call/guard.ts";
export type { AuditMarks } from "./define/audit-marks.ts";
export type { Call, CallLimits, CatalogueEntry, ErrorCatalogue } from "./define/call.ts";
export { type ContentBlock, contentBlocks, type PromptMessage, type ResourceContents } from "./define/content.ts";
export { guarded } from "./define/guarded.ts";
export {
  type JsonSchemaPartSpec,
  jsonSchemaPart,
  type PartChecked,
  type PartIssue,
} from "./define/json-schema-part.ts";
export { type JsonValue, jsonValue } from "./define/json-value.ts";
export { definePrompt, type PromptDefinition, type PromptSpec } from "./define/prompt.ts";
export {
  defineResource,
  type ListedResource,
  type ResourceDefinition,
  type ResourcePage,
  type ResourceSpec,
} from "./define/resource.ts";
export { defineTool, type ToolDefinition, type ToolSpec } from "./define/tool.ts";
export { written } from "./define/written.ts";
export { EFFECT_RULES, EFFECTS, type Effect, type EffectRule } from "./effect.ts";
export { CallError, type OperatorDetail } from "./errors/call-error.ts";
export { ConfigError } from "./errors/config-error.ts";
export { nearest } from "./errors/nearest.ts";
export { ERROR_CODES, ERRORS, type ErrorCode, type ErrorRow } from "./errors/table.ts";
export { isLoopback } from "./http/bind.ts";
export { HTTP_LIMITS, type HttpLimits, type HttpOptions } from "./http/options.ts";
export type { TlsOptions } from "./http/tls/options.ts";
export { createLog } from "./log.ts";
export { manifestOf } from "./manifest.ts";
export { type Dependency, SERVER_LIMITS, type ServerLimits, type ServerOptions } from "./options.ts";
export { type Running, type ServeOptions, serve } from "./serve.ts";
export { createServer, type GuardedServer } from "./server.ts";
export type { StdioOptions } from "./stdio/serve-stdio.ts";
export type { ToolsLockOptions } from "./tools-lock/options.ts";
