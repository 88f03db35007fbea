import { ConfigError, nearest } from "@hardened-mcp/server";
import type { ApiConfig } from "../config/api-schema.ts";
import type { SchemaSet } from "../model/json-schema.ts";
import type { ApiOperation, ApiOperations, LeftOut, Pagination } from "../model/operation.ts";
import { createSchemaSet } from "../schema/schema-set.ts";
import { isNode, own, type SchemaNode } from "../schema/words.ts";
import { createArgumentNames } from "./argument-names.ts";
import { bodyOf } from "./body.ts";
import { entriesOf, serversOf } from "./entries.ts";
import type { OpenApiDocument } from "./load-document.ts";
import type { Mapping } from "./mapping.ts";
import { parametersOf } from "./parameters.ts";
import { createPins } from "./pin.ts";
import { createReport, Unfit } from "./report.ts";
import { createReserved } from "./reserved-names.ts";
import { responsesOf } from "./responses.ts";
import { type Chosen, select } from "./select.ts";
import { namesOtherTool } from "./text/instructions.ts";
import { cleanText, plainText } from "./text/plain-text.ts";
import { toolNames } from "./tool-names.ts";

export interface OperationsOptions {
  /** Whether operations that change something are offered; else those that are listed are reported. */
  readonly allowWrite: boolean;
  /** Whether files can be sent. */
  readonly hasUploads: boolean;
  /** Whether tools are named `API_OPERATION`. */
  readonly prefix: boolean;
}

export interface DocumentOperations extends ApiOperations {
  readonly schemas: SchemaSet;
  /** Of the document, cleaned. */
  readonly title: string | undefined;
  /** The document's only server, where it is an https URL without variables. Whether its host may be asked is for who connects. */
  readonly serverUrl?: string;
}

/**
 * The operations of a document that the configuration allows, and a word about each that is left out.
 *
 * @throws {ConfigError} the configuration names what the document does not have, or one tool twice
 */
export function operationsOf(
  document: OpenApiDocument,
  api: string,
  config: Pick<ApiConfig, "operations" | "credential" | "headers">,
  options: OperationsOptions,
): DocumentOperations {
  const { root, version } = document;
  const { entries, leftOut: unread } = entriesOf(root);
  const selection = select(entries, config.operations, { api, allowWrite: options.allowWrite });
  const names = toolNames(entries, {
    prefix: options.prefix ? api : undefined,
    given: givenNames(entries, config, api),
  });
  const tools = new Set(names.values());
  const schemas = createSchemaSet({ root, dialect: version, isSteering: (text) => namesOtherTool(text, "", tools) });
  const pin = createPins(schemas.scanner);
  const mapping: Mapping = {
    root,
    schemas,
    reserved: createReserved(root, config),
    hasUploads: options.hasUploads,
  };

  const leftOut: LeftOut[] = [...unread, ...selection.leftOut];
  const operations: ApiOperation[] = [];
  for (const chosen of selection.chosen) {
    const lost: LeftOut[] = [];
    try {
      const made = operationOf(chosen, names.get(chosen.entry.id) ?? "", tools, mapping, api, lost);
      operations.push({ ...made, pinned: pin(made) });
      leftOut.push(...lost);
    } catch (error) {
      if (!(error instanceof Unfit)) throw error;
      leftOut.push({ where: chosen.entry.label, reason: error.reason, message: error.message, what: "operation" });
    }
  }
  const serverUrl = serverUrlOf(root);
  return {
    operations,
    leftOut,
    schemas,
    title: titleOf(root),
    ...(serverUrl === undefined ? {} : { serverUrl }),
  };
}

function operationOf(
  { entry, effect, set }: Chosen,
  tool: string,
  tools: ReadonlySet<string>,
  mapping: Mapping,
  api: string,
  lost: LeftOut[],
): Omit<ApiOperation, "pinned"> {
  const report = createReport(entry.label, tool, tools, lost);
  const nameArgument = createArgumentNames();
  const { parameters, idempotencyHeader } = parametersOf(
    entry,
    withIdempotency(mapping, set.idempotencyHeader),
    nameArgument,
    report,
  );
  const body = bodyOf(entry, mapping, nameArgument, report);
  const told = set.description === undefined ? descriptionOf(entry.node, report) : undefined;
  const neutral = `${entry.label} of ${api}.${told === "refused" ? " Its own description was left out." : ""}`;
  const argumentNames = [...parameters.map(({ argument }) => argument), ...(body === undefined ? [] : [body.argument])];
  return {
    api,
    id: entry.id,
    tool,
    title: set.title ?? titleFor(own(entry.node, "summary"), tool, tools),
    description: set.description ?? (told === undefined || told === "refused" ? neutral : told),
    method: entry.method,
    path: entry.path,
    effect,
    scope: set.scope ?? (effect === "read" ? "http:read" : "http:write"),
    tags: entry.tags.flatMap((tag) => plainText(tag, 128) ?? []),
    parameters,
    slashes: set.slashes ?? "refuse",
    body,
    responses: responsesOf(entry, mapping, report),
    pagination: checkedPagination(set.pagination, argumentNames, entry.id, api),
    idempotencyHeader: set.idempotencyHeader ?? idempotencyHeader,
    deadlineMs: set.deadlineMs,
  };
}

/** Silent: the summary begins the description, where it is reported. */
function titleFor(summary: unknown, tool: string, tools: ReadonlySet<string>): string | undefined {
  const title = plainText(summary, 128);
  return title === undefined || namesOtherTool(title, tool, tools) ? undefined : title;
}

/** What the operator calls the idempotency header is one, whatever it is called. */
function withIdempotency(mapping: Mapping, header: string | undefined): Mapping {
  if (header === undefined) return mapping;
  return {
    ...mapping,
    reserved: (place, name) =>
      place === "header" && name.toLowerCase() === header.toLowerCase() ? "idempotency" : mapping.reserved(place, name),
  };
}

function descriptionOf(node: SchemaNode, report: ReturnType<typeof createReport>): string | "refused" | undefined {
  const texts = [own(node, "summary"), own(node, "description")].filter(
    (text, index, all) => typeof text === "string" && text.trim() !== "" && all.indexOf(text) === index,
  );
  const whole = texts
    .map((text) =>
      String(text)
        .trim()
        .replace(/([\p{L}\p{N}])$/u, "$1."),
    )
    .join("\n\n");
  if (cleanText(whole, 1024) === undefined) return undefined;
  return report.told("the description", whole, 1024) ?? "refused";
}

function givenNames(
  entries: ReturnType<typeof entriesOf>["entries"],
  { operations: { set } }: Pick<ApiConfig, "operations">,
  api: string,
): ReadonlyMap<string, string> {
  const given = new Map<string, string>();
  const taken = new Set<string>();
  for (const entry of entries) {
    // An operation may be called `constructor`.
    const key = [entry.id, entry.label].find((name) => Object.hasOwn(set, name));
    const tool = key === undefined ? undefined : set[key]?.tool;
    if (tool === undefined) continue;
    if (taken.has(tool)) {
      throw new ConfigError(`apis.${api}.operations.set gives the tool name "${tool}" twice. Give each its own.`);
    }
    taken.add(tool);
    given.set(entry.id, tool);
  }
  return given;
}

/** @throws {ConfigError} an argument that the operation does not have: pages would repeat for ever */
export function checkedPagination(
  pagination: Pagination | undefined,
  names: readonly string[],
  id: string,
  api: string,
): Pagination | undefined {
  if (pagination === undefined) return undefined;
  const size = "sizeArgument" in pagination ? pagination.sizeArgument : undefined;
  const asked = [...("argument" in pagination ? [pagination.argument] : []), ...(size === undefined ? [] : [size])];
  for (const name of asked) {
    if (names.includes(name)) continue;
    const near = nearest(name, names);
    throw new ConfigError(
      `apis.${api}: pagination of ${id} names the argument "${name}", which the operation does not have.${near === undefined ? "" : ` Did you mean "${near}"?`}`,
    );
  }
  return pagination;
}

function titleOf(root: SchemaNode): string | undefined {
  const info = own(root, "info");
  return isNode(info) ? plainText(own(info, "title"), 128) : undefined;
}

function serverUrlOf(root: SchemaNode): string | undefined {
  const [only, ...others] = serversOf(root);
  const url = isNode(only) ? own(only, "url") : undefined;
  if (others.length > 0 || typeof url !== "string" || /[{}]/.test(url) || !URL.canParse(url)) return undefined;
  const { protocol, username, password, search, hash } = new URL(url);
  return protocol === "https:" && username + password + search + hash === "" ? url : undefined;
}
