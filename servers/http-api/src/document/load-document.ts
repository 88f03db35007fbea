import { isUtf8 } from "node:buffer";
import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { JsonError, parseStrictJson } from "@hardened-mcp/limits";
import { ConfigError } from "@hardened-mcp/server";
import { onDemand } from "../on-demand.ts";
import { isNode, own, type SchemaNode } from "../schema/words.ts";
import { checkTree } from "./check-tree.ts";
import { DOCUMENT_LIMITS } from "./limits.ts";

export interface LoadOptions {
  /** Bytes of the file. Default 32 MiB; GitHub's document has 13. */
  readonly maxBytes?: number;
}

/** An OpenAPI document: a tree of JSON values, nested at most 100 deep, without `__proto__`. What it says has not been checked. */
export interface OpenApiDocument {
  readonly version: "3.0" | "3.1";
  readonly root: SchemaNode;
}

/**
 * Reads an OpenAPI 3.0 or 3.1 document from a JSON or YAML file. Reads that one file, and nothing that it names.
 *
 * @throws {ConfigError} it cannot be read, is too large, is no JSON or YAML, or is not OpenAPI 3.0 or 3.1
 */
export async function loadDocument(path: string, options: LoadOptions = {}): Promise<OpenApiDocument> {
  const text = await readText(path, options.maxBytes ?? DOCUMENT_LIMITS.maxBytes);
  return parseDocument(text, options);
}

/** The same, of a text. */
export function parseDocument(text: string, options: LoadOptions = {}): OpenApiDocument {
  const plain = text.startsWith("\u{feff}") ? text.slice(1) : text;
  const maxBytes = options.maxBytes ?? DOCUMENT_LIMITS.maxBytes;
  const root = /^\s*\{/.test(plain) ? parseJson(plain, maxBytes) : parseYaml(plain);
  if (!isNode(root)) throw new ConfigError("The OpenAPI document is not an object. Is it the right file?");
  return { version: versionOf(root), root };
}

async function readText(path: string, maxBytes: number): Promise<string> {
  try {
    // A pipe would keep the start waiting for ever.
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const about = await file.stat();
      // A device has no size, and no end.
      if (!about.isFile()) throw new ConfigError(`The OpenAPI document ${path} is no file. Give the path of a file.`);
      if (about.size > maxBytes) throw tooLarge(maxBytes);
      const bytes = await file.readFile();
      if (bytes.byteLength > maxBytes) throw tooLarge(maxBytes);
      if (!isUtf8(bytes)) throw new ConfigError("The OpenAPI document is not UTF-8. Save it as UTF-8.");
      return bytes.toString("utf8");
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    throw new ConfigError(`The OpenAPI document ${path} cannot be read. Does it exist, and may this process read it?`, {
      cause: error,
    });
  }
}

function parseJson(text: string, maxBytes: number): unknown {
  try {
    return parseStrictJson(text, { ...DOCUMENT_LIMITS, maxBytes });
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    // An int64 bound such as 9223372036854775807 is common, and rounding it loses nothing: JSON Schema bounds are doubles here anyway.
    // A text in braces that is no JSON may be YAML in flow style.
    if (error.code === "unsafe_number" || error.code === "syntax") return parseYaml(text);
    throw new ConfigError(`The OpenAPI document is refused: ${JSON_REASONS[error.code] ?? "it is not JSON."}`, {
      cause: error,
    });
  }
}

const JSON_REASONS: Readonly<Partial<Record<JsonError["code"], string>>> = {
  too_large: "it is larger than the limit. Cut it down to the operations you need.",
  too_deep: `it is nested more than ${DOCUMENT_LIMITS.maxDepth} deep. Cut out what is nested so deeply.`,
  too_many_values: `it has more than ${DOCUMENT_LIMITS.maxValues} values. Cut it down to the operations you need.`,
  string_too_long: `it has a text longer than ${DOCUMENT_LIMITS.maxStringLength} characters. Cut that text out.`,
  duplicate_key: "an object of it has the same key twice, and readers disagree which one counts. Remove one.",
  forbidden_key: "it has the key __proto__. Remove it.",
  lone_surrogate: "it has half of a surrogate pair. Save it as UTF-8.",
};

function parseYaml(text: string): unknown {
  const { CORE_SCHEMA, load, mergeTag, YAMLException } = onDemand.yaml();
  try {
    const value = load(text, {
      schema: CORE_SCHEMA.withTags(mergeTag),
      maxDepth: DOCUMENT_LIMITS.maxDepth,
      maxAliases: DOCUMENT_LIMITS.maxAliases,
      maxTotalMergeKeys: DOCUMENT_LIMITS.maxAliases,
    });
    checkTree(value, DOCUMENT_LIMITS);
    return value;
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    const where = error instanceof YAMLException && error.mark ? ` in line ${error.mark.line + 1}` : "";
    throw new ConfigError(
      `The OpenAPI document is neither JSON nor YAML that can be read${where}: bad syntax, a key twice, or nested or repeated too often. Correct that place.`,
      { cause: error },
    );
  }
}

function versionOf(root: SchemaNode): "3.0" | "3.1" {
  const version = own(root, "openapi");
  const found = typeof version === "string" ? /^3\.([01])(?:\.|$)/.exec(version)?.[1] : undefined;
  if (found !== undefined) return found === "0" ? "3.0" : "3.1";
  if (own(root, "swagger") !== undefined) {
    throw new ConfigError(
      "The document is OpenAPI 2.0 (Swagger), and 3.0 or 3.1 is needed. Convert it once, for example with swagger2openapi, look at the result, and give that.",
    );
  }
  if (version === undefined) {
    throw new ConfigError('The document has no "openapi" version, so it is no OpenAPI document. Is it the right file?');
  }
  throw new ConfigError(
    "The document's OpenAPI version is not known. 3.0 and 3.1 are; give the document in one of them.",
  );
}

function tooLarge(maxBytes: number): ConfigError {
  return new ConfigError(
    `The OpenAPI document is larger than ${maxBytes} bytes. Cut it down to the operations you need.`,
  );
}
