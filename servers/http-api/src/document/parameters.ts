import { isJson } from "../http/media-type.ts";
import type { JsonSchema } from "../model/json-schema.ts";
import type { ApiParameter, ParameterStyle } from "../model/operation.ts";
import { deref } from "../schema/refs.ts";
import { isNode, isSchema, own, type SchemaNode } from "../schema/words.ts";
import type { Entry } from "./entries.ts";
import type { Mapping } from "./mapping.ts";
import { plainType } from "./media-type.ts";
import { namesOf } from "./path-template.ts";
import { type Report, reportSchema, Unfit } from "./report.ts";
import { isReadable } from "./text/readable.ts";

const MAX_PARAMETERS = 256;
/** RFC 9110, section 5.6.2. */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}$/;

const STYLES = {
  path: ["simple", "label", "matrix"],
  query: ["form", "spaceDelimited", "pipeDelimited", "deepObject"],
  header: ["simple"],
} as const satisfies Record<ApiParameter["in"], readonly ParameterStyle[]>;
const ORDER = ["path", "query", "header"] as const;

export interface Parameters {
  readonly parameters: readonly ApiParameter[];
  readonly idempotencyHeader: string | undefined;
}

/**
 * The parameters of an operation, those of its path item included (OpenAPI 3.1, section 4.8.10), that a caller may fill.
 *
 * @throws {Unfit} a parameter that has to be there cannot be
 */
export function parametersOf(
  entry: Entry,
  mapping: Mapping,
  nameArgument: (name: string, place: string) => string,
  report: Report,
): Parameters {
  const parameters: ApiParameter[] = [];
  let idempotencyHeader: string | undefined;
  const nodes = mergedNodes(entry, mapping.root);
  const inPath = namesOf(entry.path);
  if (nodes.length > MAX_PARAMETERS)
    throw new Unfit("too_many_parameters", `It has more than ${MAX_PARAMETERS} parameters.`);
  for (const place of ORDER) {
    for (const node of nodes.filter((one) => own(one, "in") === place)) {
      const name = String(own(node, "name"));
      if (mapping.reserved(place, name) === "idempotency") idempotencyHeader = name;
      else if (isOpen(node, place, name, inPath, mapping, report)) {
        const made = parameterOf(node, place, name, mapping, report);
        if (made !== undefined) parameters.push({ ...made, argument: nameArgument(name, place) });
      }
    }
  }
  for (const node of nodes) {
    const place = own(node, "in");
    const isRequired = own(node, "required") === true;
    const name = String(own(node, "name"));
    if (place === "cookie") {
      report.lose(`cookie ${name}`, isRequired, "cookie_parameter", "Cookies are not sent.");
    } else if (!ORDER.some((one) => one === place)) {
      report.lose(`parameter ${name}`, isRequired, "bad_parameter", "It has no place that is known.");
    }
  }
  const missing = inPath.find((name) => !parameters.some((one) => one.in === "path" && one.name === name));
  if (missing !== undefined) throw new Unfit("missing_path_parameter", "A name in its path has no parameter.");
  return { parameters, idempotencyHeader };
}

/** Those of the operation win over those of the path item. */
function mergedNodes({ node, pathItem }: Entry, root: SchemaNode): readonly SchemaNode[] {
  const merged = new Map<string, SchemaNode>();
  for (const list of [own(pathItem, "parameters"), own(node, "parameters")]) {
    for (const one of Array.isArray(list) ? list : []) {
      const parameter = deref(root, one);
      if (!isNode(parameter))
        throw new Unfit("unresolved_ref", "A parameter of it leads out of the document, or to nothing.");
      merged.set(`${String(own(parameter, "in"))}:${String(own(parameter, "name"))}`, parameter);
    }
  }
  return [...merged.values()];
}

/** Whether a caller may fill it; what is lost is reported. */
function isOpen(
  node: SchemaNode,
  place: ApiParameter["in"],
  name: string,
  inPath: readonly string[],
  mapping: Mapping,
  report: Report,
): boolean {
  const isRequired = own(node, "required") === true;
  const what = `${place} parameter ${name}`;
  if (place === "path") {
    const isUsed = inPath.includes(name);
    if (!isUsed) report.part(what, "unused_path_parameter", "The path has no such name.");
    return isUsed;
  }
  const reserved = mapping.reserved(place, name);
  if (reserved === "filled") report.part(what, "reserved_header", "It is filled by the server.");
  else if (reserved === "credential")
    report.part(what, "credential_parameter", "Credentials come from the configuration.");
  else if (reserved !== undefined) report.lose(what, isRequired, "reserved_header", "No caller may set it.");
  if (reserved !== undefined) return false;
  const isName = place === "header" ? TOKEN.test(name) : name !== "" && name.length <= 256;
  // The name of its argument is made of it.
  if (isName && !isReadable(name)) {
    report.lose(what, isRequired, "bad_parameter", "Its name hides characters, or gives a model orders.");
    return false;
  }
  if (!isName) report.lose(what, isRequired, "bad_parameter", "Its name cannot be sent.");
  return isName;
}

function parameterOf(
  node: SchemaNode,
  place: ApiParameter["in"],
  name: string,
  { root, schemas }: Mapping,
  report: Report,
): Omit<ApiParameter, "argument"> | undefined {
  const what = `${place} parameter ${name}`;
  const required = place === "path" || own(node, "required") === true;
  const content = contentOf(own(node, "content"));
  if (content === "other") {
    report.lose(what, required, "parameter_content", "It is written in a media type other than JSON.");
    return undefined;
  }
  const schema: unknown = content ?? own(node, "schema") ?? { type: "string" };
  const problem = schemas.scanner.problemOf(schema);
  if (problem !== undefined || !isSchema(schema)) {
    report.lose(what, required, problem?.reason ?? "bad_schema", problem?.message ?? "It has no schema.");
    return undefined;
  }
  const style = (own(node, "style") ?? STYLES[place][0]) as ParameterStyle;
  if (!(STYLES[place] as readonly string[]).includes(style)) {
    report.lose(what, required, "style", "Its style does not belong to its place.");
    return undefined;
  }
  reportSchema(report, what, schema, schemas.scanner);
  const explode = own(node, "explode");
  return {
    name,
    in: place,
    required,
    style,
    explode: style === "deepObject" || (typeof explode === "boolean" ? explode : style === "form"),
    allowReserved: place === "query" && own(node, "allowReserved") === true,
    asJson: content !== undefined,
    schema,
    description: report.told(what, own(node, "description") ?? ownText(root, schema), 512),
  };
}

function contentOf(content: unknown): JsonSchema | "other" | undefined {
  if (!isNode(content)) return undefined;
  const [only, ...others] = Object.entries(content);
  if (only === undefined || others.length > 0 || !isNode(only[1]) || !isJson(plainType(only[0]))) return "other";
  const schema = own(only[1], "schema") ?? true;
  return isSchema(schema) ? schema : "other";
}

function ownText(root: SchemaNode, schema: JsonSchema): unknown {
  const node = deref(root, schema);
  return isNode(node) ? own(node, "description") : undefined;
}
