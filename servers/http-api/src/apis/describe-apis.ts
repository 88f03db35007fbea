import { ConfigError } from "@hardened-mcp/server";
import type { ApiConfig } from "../config/api-schema.ts";
import { baseUrlOf } from "../config/base-url.ts";
import type { ResponseConfig } from "../config/response-schema.ts";
import type { HttpApiConfig } from "../config/schema.ts";
import type { DescribedApi, NamedOperation } from "../context.ts";
import { loadDocument } from "../document/load-document.ts";
import { type DocumentOperations, prepareOperations } from "../document/operations.ts";
import { FETCH_URL } from "../fetch-url/name.ts";
import { handwrittenOperations } from "../handwritten/operations.ts";
import type { SchemaSet } from "../model/json-schema.ts";
import type { ApiOperation, ApiOperations } from "../model/operation.ts";
import { checkPaths } from "./check-paths.ts";
import { responseOfDocumented, responseOfHandwritten } from "./response-of.ts";

/** Bytes of a document. The largest public one known has a third of it. */
const MAX_DOCUMENT_BYTES = 32 * 1024 * 1024;

/**
 * Reads the documents of a configuration, and makes operations of what it allows. Nothing on the network is asked.
 *
 * @throws {ConfigError} a document that cannot be used; an operation of the configuration that is not there; two tools of one name; a path of
 * `mask` or `fields` that leads nowhere
 */
export async function describeApis(config: HttpApiConfig): Promise<readonly DescribedApi[]> {
  const isOneOfMany = Object.keys(config.apis).length > 1;
  const prepared = await Promise.all(
    Object.entries(config.apis).map(([name, api]) =>
      prepareApi(name, api, { allowWrite: config.allowWrite, prefix: api.namePrefix ?? isOneOfMany }),
    ),
  );
  const own = config.fetchUrl === undefined ? [] : [FETCH_URL];
  // A text of one API must not steer a model to the tools of another.
  const tools = new Set([...own, ...prepared.flatMap((api) => [...api.tools])]);
  const apis = prepared.map((api) => api.describe(tools));
  refuseSameNames(apis, own);
  return apis;
}

interface Naming {
  readonly allowWrite: boolean;
  readonly prefix: boolean;
}

interface PreparedApi {
  readonly tools: readonly string[];
  describe(tools: ReadonlySet<string>): DescribedApi;
}

async function prepareApi(name: string, config: ApiConfig, naming: Naming): Promise<PreparedApi> {
  const options = { ...naming, hasUploads: config.uploads !== undefined };
  const prepared =
    config.spec === undefined
      ? undefined
      : prepareOperations(await loadDocument(config.spec, { maxBytes: MAX_DOCUMENT_BYTES }), name, config, options);
  return {
    tools: [...(prepared?.tools ?? []), ...Object.keys(config.tools)],
    describe: (tools) =>
      describeApi(name, config, prepared?.operations(tools), handwrittenOperations(name, config, options)),
  };
}

function describeApi(
  name: string,
  config: ApiConfig,
  documented: DocumentOperations | undefined,
  handwritten: ReturnType<typeof handwrittenOperations>,
): DescribedApi {
  const operations = [
    ...(documented === undefined ? [] : withResponses(documented, (one) => responseOfDocumented(config, one))),
    ...withResponses(handwritten, (one) => responseOfHandwritten(config, one)),
  ];
  const leftOut = [...(documented?.leftOut ?? []), ...handwritten.leftOut];
  return {
    name,
    config,
    title: documented?.title,
    baseUrl: baseUrlOf(name, config, documented?.serverUrl),
    operations,
    leftOut: [...leftOut, ...checkPaths(name, config, operations, leftOut)],
    templates: [...(documented?.templates ?? []), ...handwritten.templates],
  };
}

function withResponses(
  { operations, schemas }: Pick<ApiOperations, "operations"> & { readonly schemas: SchemaSet },
  responseOf: (operation: ApiOperation) => ResponseConfig,
): readonly NamedOperation[] {
  return operations.map((operation) => ({ operation, schemas, response: responseOf(operation) }));
}

/** `createServer` would refuse them, too; which two operations they are, only this knows. */
function refuseSameNames(apis: readonly DescribedApi[], taken: readonly string[]): void {
  const seen = new Map<string, string>(taken.map((tool) => [tool, "fetchUrl"]));
  for (const { operation } of apis.flatMap(({ operations }) => operations)) {
    const own = `${operation.api}: ${operation.id}`;
    const other = seen.get(operation.tool);
    if (other !== undefined) {
      throw new ConfigError(
        `Two tools would be named "${operation.tool}": ${other}, and ${own}. Name one in apis.${operation.api}.operations.set, or set namePrefix.`,
      );
    }
    seen.set(operation.tool, own);
  }
}
